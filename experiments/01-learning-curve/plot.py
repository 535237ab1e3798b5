#!/usr/bin/env python3
"""Draws the report's figure "learning curves", at all widths, from the exported numbers, with xarray and matplotlib alone.

    fieldscan export runs/learning-curve --format netcdf --out tables
    python3 plot.py tables/values.nc learning-curves.png
"""
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import matplotlib.ticker
import xarray

source, target = sys.argv[1:3]
data = xarray.open_dataset(source)

networks = data.sel(block="networks").dropna("train_size", how="all", subset=["error_test"])
fig, axes = plt.subplots(figsize=(5, 4), layout="constrained")
for width in networks.width.values:
    curve = networks.sel(width=width)
    axes.errorbar(curve.train_size, curve.error_test, 1.96 * curve.error_test_standard_error,
                  fmt="o-", markersize=4, linewidth=0.6, capsize=2, label=f"N = {width:g}")

# The Gaussian process on the same data, and its average over all data: the same for every width.
theory = networks.isel(width=0)
axes.plot(theory.train_size, theory.nngp_error_test, "k-", label="Gaussian process")
axes.plot(theory.train_size, theory.learning_curve_error_test, "k--", label="averaged over data")

axes.set(xscale="log", yscale="log", xlabel="training points P", ylabel=data.error_test.name)
axes.set_xticks(theory.train_size.values, [f"{p:g}" for p in theory.train_size.values])
axes.minorticks_off()
axes.yaxis.set_major_locator(matplotlib.ticker.FixedLocator([0.3, 0.4, 0.5, 0.6, 0.8]))
axes.yaxis.set_major_formatter("{x:g}")
axes.legend(fontsize="small")
fig.savefig(target, dpi=150)
