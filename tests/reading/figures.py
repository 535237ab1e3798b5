"""Makes every number of the report's figures again from values.nc, with xarray alone; and what must fail does."""
import csv
import math
import re
import sys

import xarray

directory = sys.argv[1]
data = xarray.open_dataset(f"{directory}/tables/values.nc")


def number(text):
    return float("nan") if text in ("", "nan") else float(text)


def selected(variable, *labels):
    """The variable at what panel and curve say: "width = 32, learning_rate = 0.1"."""
    for label in re.findall(r"(\w+) = ([0-9.e+-]+)", ", ".join(labels)):
        name, value = label
        if name in variable.dims:
            variable = variable.sel({name: float(value)}, method="nearest")
    return variable


def close(a, b):
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)


def compare(name, made):
    """Compares each row of a figure's table with what `made` says of it; returns how many there were."""
    rows = 0
    with open(f"{directory}/report/figures/{name}.csv", newline="") as table:
        for row in csv.DictReader(table):
            if row["with"].startswith("difference") or row["x"] == "NaN":
                continue
            value = made(row)
            assert close(value, number(row["y"])), (name, row, value)
            rows += 1
    assert rows > 0, name
    return rows


def along_steps(variable, row, **fixed):
    curve = selected(variable.sel(**fixed) if fixed else variable, row["panel"], row["curve"])
    # A theory that is the same for all widths has one curve.
    curve = curve.isel({name: 0 for name in curve.dims if name != "step"}).dropna("step")
    at = [k for k, steps in enumerate(curve.steps.values) if close(float(steps), number(row["x"]))]
    return float(curve.values[at[0]])


def decay(row):
    return along_steps(data.ntk_flow_error_test if row["with"] else data.error_test, row)


def parts(row):
    return along_steps(data[row["curve"]], row, width=32, learning_rate=0.1)


def distance(row):
    width = number(row["x"])
    return width * float(selected(data.deviation_ntk_flow_end, row["curve"]).sel(width=width))


rows = compare("decay", decay) + compare("parts", parts) + compare("distance", distance)
with open(f"{directory}/report/figures/decay.csv", newline="") as table:
    for row in csv.DictReader(table):
        if row["with"]:
            continue
        # Before training the draws, which share their test set, are one: eight initialisations count, after it 8 × 8 networks.
        networks = 8 if number(row["x"]) == 0 else 64
        assert along_steps(data.error_test_members, row) == number(row["members"]) == number(row["asked"]) == networks, row
        assert row["flag"] == "" and along_steps(data.error_test_flag, row) == 0, row
try:
    compare("decay", lambda row: 1.0001 * decay(row))
except AssertionError:
    print(f"{rows} numbers of figures made again")
else:
    sys.exit("a number that is off by 1e-4 passes")
for attribute in ("scan", "seed", "program", "machine", "verdicts"):
    assert data.attrs[attribute], attribute
said = data.ntk_flow_error_test.attrs
assert said["long_name"].startswith("test error ⟨(f − g)²⟩ of ntk_flow, a prediction of ntk_flow: "), said
assert said["source"] == "ntk_flow" and data.error_test.attrs["source"] == "measured", said
assert "prediction" not in data.error_test.attrs["long_name"]
