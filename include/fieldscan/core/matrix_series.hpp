#pragma once
#include <complex>

#include "fieldscan/core/matrix.hpp"

/// Power series with matrices as coefficients, cut after a number of terms: causal sums over time, Σ_s A(t − s) B(s),
/// of many steps, by fast Fourier transforms.
namespace fieldscan {

/// Column t holds the coefficient of order t, column by column [rows·columns × terms].
struct MatrixSeries {
  MatrixSeries() = default;
  MatrixSeries(Index rows_of_one, Index columns_of_one, Index terms)
      : rows(rows_of_one), columns(columns_of_one), data(Matrix::Zero(rows_of_one * columns_of_one, terms)) {}

  Index rows = 0, columns = 0;
  Matrix data;

  Index terms() const { return data.cols(); }
  Eigen::Map<Matrix> at(Index t) { return {data.col(t).data(), rows, columns}; }
  Eigen::Map<const Matrix> at(Index t) const { return {data.col(t).data(), rows, columns}; }
};

/// A series on the circle of roots of unity, padded with zeros so that products of two do not wrap around. Columns are
/// frequencies; of a real series half of them are enough [rows·columns × N/2 + 1], N the least power of two that is at
/// least twice the terms.
struct SeriesSpectrum {
  Index rows = 0, columns = 0, terms = 0;
  Eigen::MatrixXcd data;
};
SeriesSpectrum spectrum(const MatrixSeries& series);

/// The first terms of the product A·B, Σ_{s ≤ t} A(t − s) B(s). Both have one number of terms. Rounding is relative to
/// the largest coefficients, some 10⁻¹⁵.
MatrixSeries product(const SeriesSpectrum& a, const SeriesSpectrum& b);

/// The series A⁻¹ of a square one with an invertible A(0), by Newton's iteration R ← R (2 − A R), which doubles the
/// terms that are right. Source: H. Kung, "On computing reciprocals of power series", Numerische Mathematik 22 (1974).
MatrixSeries inverse(const MatrixSeries& a);

/// Bytes of a spectrum.
double spectrum_bytes(double entries, double terms);
/// Operations of the transform of one entry, and of the product of two spectra [rows × inner] and [inner × columns].
double transform_operations(double entries, double terms);
double product_operations(double rows, double inner, double columns, double terms);

}  // namespace fieldscan
