#include "fieldscan/core/matrix_series.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <unsupported/Eigen/FFT>

namespace fieldscan {

namespace {

Index padded(Index terms) {
  return static_cast<Index>(std::bit_ceil(static_cast<std::size_t>(std::max<Index>(2, 2 * terms))));
}

using Transform = Eigen::FFT<double>;

/// Of real sequences: the half of the frequencies that is not the conjugate of the other.
Transform half_transform() {
  Transform transform;
  transform.SetFlag(Transform::HalfSpectrum);
  return transform;
}

MatrixSeries leading(const MatrixSeries& series, Index terms) {
  MatrixSeries out(series.rows, series.columns, terms);
  const Index there = std::min(terms, series.terms());
  out.data.leftCols(there) = series.data.leftCols(there);
  return out;
}

}  // namespace

SeriesSpectrum spectrum(const MatrixSeries& series) {
  const Index size = padded(series.terms()), frequencies = size / 2 + 1;
  SeriesSpectrum out{series.rows, series.columns, series.terms(), Eigen::MatrixXcd(series.data.rows(), frequencies)};
  Transform transform = half_transform();
  Vector in = Vector::Zero(size);
  Eigen::VectorXcd waves(frequencies);
  for (Index e = 0; e < series.data.rows(); ++e) {
    in.head(series.terms()) = series.data.row(e).transpose();
    transform.fwd(waves.data(), in.data(), size);
    out.data.row(e) = waves.transpose();
  }
  return out;
}

MatrixSeries product(const SeriesSpectrum& a, const SeriesSpectrum& b) {
  assert(a.columns == b.rows && a.terms == b.terms && "series of one length, with shapes that fit");
  const Index size = padded(a.terms), frequencies = size / 2 + 1;
  Eigen::MatrixXcd waves(a.rows * b.columns, frequencies);
  for (Index k = 0; k < frequencies; ++k) {
    Eigen::Map<Eigen::MatrixXcd> out(waves.col(k).data(), a.rows, b.columns);
    const Eigen::Map<const Eigen::MatrixXcd> left(a.data.col(k).data(), a.rows, a.columns),
        right(b.data.col(k).data(), b.rows, b.columns);
    out.noalias() = left * right;
  }
  MatrixSeries out(a.rows, b.columns, a.terms);
  Transform transform = half_transform();
  Vector sequence(size);
  Eigen::VectorXcd one(frequencies);
  for (Index e = 0; e < waves.rows(); ++e) {
    one = waves.row(e).transpose();
    transform.inv(sequence.data(), one.data(), size);
    out.data.row(e) = sequence.head(a.terms).transpose();
  }
  return out;
}

MatrixSeries inverse(const MatrixSeries& a) {
  assert(a.rows == a.columns && a.terms() > 0 && "a square series");
  MatrixSeries out(a.rows, a.rows, 1);
  out.at(0) = a.at(0).inverse();
  while (out.terms() < a.terms()) {
    const Index terms = std::min(2 * out.terms(), a.terms());
    const SeriesSpectrum guess = spectrum(leading(out, terms));
    MatrixSeries correction = product(spectrum(leading(a, terms)), guess);
    correction.data *= -1;
    correction.at(0).diagonal().array() += 2;
    out = product(guess, spectrum(correction));
  }
  return out;
}

double spectrum_bytes(double entries, double terms) {
  return 16 * entries * (static_cast<double>(padded(static_cast<Index>(terms))) / 2 + 1);
}

double transform_operations(double entries, double terms) {
  const auto size = static_cast<double>(padded(static_cast<Index>(terms)));
  return entries * size * (10 + 5 * std::log2(size));
}

double product_operations(double rows, double inner, double columns, double terms) {
  return 8 * rows * inner * columns * static_cast<double>(padded(static_cast<Index>(terms))) / 2;
}

}  // namespace fieldscan
