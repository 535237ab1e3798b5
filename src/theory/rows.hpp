#pragma once
#include <optional>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/core/row.hpp"
#include "fieldscan/data/components.hpp"

/// Writing down what a theory predicts.
namespace fieldscan::theory {

/// A prediction's rows and arrays at one time.
class Writer {
 public:
  Writer(Result& result, double time, Flag flag = Flag::none) : result_(result), time_(time), flag_(flag) {}

  void row(Observable observable, double value, double coordinate = 0, double standard_error = 0) {
    result_.rows.push_back({.observable = observable,
                            .time = time_,
                            .coordinate = coordinate,
                            .value = value,
                            .standard_error = standard_error,
                            .flag = flag_});
  }
  /// solver_residual, after all other rows: what a solver left, relative.
  void residual(double left) { row(listed("solver_residual"), left); }
  /// start_difference, where other starts led somewhere.
  void start_difference(const std::optional<double>& difference) {
    if (difference) row(listed("start_difference"), *difference);
  }
  Flag flag() const { return flag_; }
  /// What follows from the mean over networks at the test points, one column per output: its array [test point, output]
  /// (of one output [test point]), its error against the clean target and the learnability of every component of the
  /// target, see `component_shares`. The error of several outputs is ⟨|f − g|²⟩, their sum. Returns the
  /// error.
  double predictor(const MatrixView& mean, const data::Draw& draw) {
    Array& array = result_.arrays.emplace_back();
    array = {.observable = Observable::predictor, .time = time_, .shape = {mean.rows()}, .data = {}};
    if (mean.cols() != 1) array.shape.push_back(mean.cols());
    array.data.resize(static_cast<std::size_t>(mean.size()));
    for (Index i = 0; i < mean.rows(); ++i)
      for (Index c = 0; c < mean.cols(); ++c) array.data[static_cast<std::size_t>(i * mean.cols() + c)] = mean(i, c);
    const MatrixView target = draw.test.target;
    double square = 0;  // output by output: the bits of one do not depend on how a matrix is summed
    for (Index c = 0; c < mean.cols(); ++c) square += (mean.col(c) - target.col(c)).squaredNorm();
    const double error = square / static_cast<double>(mean.rows());
    row(Observable::error_mean_predictor, error);
    for (const auto& [component, share] : data::component_shares(draw, data::flat(Matrix(mean))))
      row(Observable::learnability, share, component);
    return error;
  }

 private:
  Result& result_;
  double time_;
  Flag flag_;
};

}  // namespace fieldscan::theory
