#pragma once
#include <cmath>

#include "fieldscan/data/draw.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/finite_width/scaled_kernel.hpp"
#include "theory/random.hpp"
#include "theory/setup.hpp"

/// Small draws for theories of finite width.
namespace fieldscan::testing {

/// √2 cos(0.7 i j + phase j² + turn i²), i = first … , j = 1 …: data that are written down by a formula.
inline Matrix table(Index rows, Index columns, double phase, Index first = 1, double turn = 0.37) {
  Matrix out(rows, columns);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < columns; ++j) {
      const auto m = static_cast<double>(first + i), n = static_cast<double>(j + 1);
      out(i, j) = std::sqrt(2.0) * std::cos(0.7 * m * n + phase * n * n + turn * m * m);
    }
  return out;
}

/// Training and test points with labels [P × C]; the target vanishes on the test points.
inline data::Draw draw_of(const Matrix& x, const Matrix& y, const Matrix& test) {
  data::Draw draw;
  draw.train = {.x = x, .target = y, .label = y};
  draw.test.x = test;
  draw.test.target = draw.test.label = Matrix::Zero(test.rows(), y.cols());
  return draw;
}
/// Of a reference entry: X, Xstar [… × 2], y.
inline data::Draw draw_of(const reference::Entry& entry) {
  return draw_of(reference::matrix(entry.in.at("X"), 2), reference::vector(entry.in.at("y")),
                 reference::matrix(entry.in.at("Xstar"), 2));
}

/// The prediction on a draw; sampled theories have random numbers of their own.
template <class T>
Result predict(const T& of, const theory::Setting& setting, const data::Draw& draw) {
  if constexpr (theory::Sampled<T>)
    return of.predict(of.inputs(setting), draw, stream(T::kind));
  else
    return of.predict(of.inputs(setting), draw);
}

/// 12 points in 5 dimensions, 7 test points, labels of size 1.
inline data::Draw random_draw(std::uint64_t number) {
  const Stream s = stream("finite width", number);
  return draw_of(normals(s, 12, 5), normal_vector(s, 12, 100), normals(s, 7, 5, 200));
}

inline std::vector<int> widths_of(const reference::Entry& entry) {
  const auto& w = entry.in.at("widths");
  return {w.begin(), w.end()};
}

/// The largest relative difference of two vectors.
inline double relative_difference(const VectorView& a, const VectorView& b) { return (a - b).norm() / b.norm(); }

/// The one row of an observable at a coordinate.
inline double row_of(const Result& result, Observable observable, double coordinate = 0) {
  for (const Row& row : result.rows)
    if (row.observable == observable && row.coordinate == coordinate) return row.value;
  return std::nan("");
}
inline Vector array_of(const Result& result, Observable observable) {
  for (const Array& array : result.arrays)
    if (array.observable == observable) return reference::vector(array.data);
  return {};
}

}  // namespace fieldscan::testing
