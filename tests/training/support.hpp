#pragma once
#include <cmath>
#include <memory>
#include <optional>
#include <vector>

#include "catch.hpp"
#include "fieldscan/training/train.hpp"

/// Small problems made by hand, so that the tests of training depend on no data generator.
namespace fieldscan::training::testing {

/// Owns everything that a Problem refers to.
struct Case {
  network::Spec network;
  data::Spec spec;
  data::Draw data;
  double ridge = 0;
  std::uint64_t seed = 7;
  std::int64_t draw = 0, initialisation = 0;
  Precision precision = Precision::double_;

  Problem problem() const {
    return {.network = network,
            .data_spec = spec,
            .data = data,
            .ridge = ridge,
            .seed = seed,
            .draw = draw,
            .initialisation = initialisation,
            .precision = precision};
  }
};

inline Matrix normals(Index rows, Index cols, std::uint64_t key) {
  Matrix out(rows, cols);
  Stream(11, Purpose::test, "training", key, 0).normals({out.data(), static_cast<std::size_t>(out.size())});
  return out;
}

/// P training and `tests` test points in d dimensions; labels follow g(x) = x₁ + ½ x₂² − ½ plus a little noise.
inline Case make_case(Index points, Index tests, int dimension, const network::Spec& spec) {
  Case out;
  out.network = spec;
  out.spec.input = data::Sphere{.dim = dimension};
  out.spec.train_size = static_cast<int>(points);
  out.spec.test_size = static_cast<int>(tests);
  const auto fill = [&](data::Sample& sample, Index count, std::uint64_t key, double noise) {
    sample.x = normals(count, dimension, key);
    sample.target = sample.x.col(0);
    if (dimension > 1) sample.target.array() += 0.5 * sample.x.col(1).array().square() - 0.5;
    sample.label = sample.target + noise * normals(count, 1, key + 1);
    sample.modes.resize(count, 1);
    sample.modes.col(0) = sample.x.col(0);
  };
  fill(out.data.train, points, 1, 0.1);
  fill(out.data.test, tests, 3, 0);
  fill(out.data.validation, 3, 5, 0.1);
  out.data.mode_numbers = {1};
  return out;
}

/// Makes the outputs of a case C: its own labels and targets times random factors, and labels with noise of their own.
inline void give_outputs(Case& c, Index outputs) {
  const Matrix factors = normals(1, outputs, 8);
  for (data::Sample* sample : {&c.data.train, &c.data.test, &c.data.validation}) {
    sample->target = Matrix(sample->target * factors);
    sample->label = Matrix(sample->label * factors + 0.1 * normals(sample->x.rows(), outputs, 9));
  }
}

inline ObservePlan plan_of(std::vector<Observable> observables) {
  std::ranges::sort(observables);
  return {.observables = std::move(observables), .times = {}};
}

/// The last row of an observable (with a coordinate).
inline std::optional<Row> row_of(const Result& result, Observable observable, double coordinate = 0) {
  for (auto row = result.rows.rbegin(); row != result.rows.rend(); ++row)
    if (row->observable == observable && row->coordinate == coordinate) return *row;
  return std::nullopt;
}
inline double value_of(const Result& result, Observable observable, double coordinate = 0) {
  const auto row = row_of(result, observable, coordinate);
  REQUIRE(row);
  return row->value;
}

/// The predictor at the end.
inline Vector predictor_of(const Result& result) {
  const Array* found = nullptr;
  for (const Array& array : result.arrays)
    if (array.observable == Observable::predictor) found = &array;
  REQUIRE(found);
  return Eigen::Map<const Vector>(found->data.data(), static_cast<Index>(found->data.size()));
}

/// The initial parameters of a case.
inline Vector initial_of(const Case& c) {
  const network::Network network(c.network, static_cast<int>(c.data.train.x.cols()), output_count(c.problem()));
  return network.initial(Stream(c.seed, Purpose::initial_weights, "", 0, static_cast<std::uint64_t>(c.initialisation)));
}

/// φ(h^L) of the initial network for the rows of x, times √(σ_a²/N): features Ψ with K = Ψ Ψᵀ (no 1/χ).
inline Matrix initial_features(const Case& c, const Matrix& x) {
  const network::Network network(c.network, static_cast<int>(x.cols()));
  auto work = network.workspace(x.rows());
  Vector out(x.rows());
  network.forward(initial_of(c), x, work, out);
  return std::sqrt(c.network.readout_variance / network::last_width(c.network)) * work.activation.back();
}

}  // namespace fieldscan::training::testing
