#pragma once
#include "fieldscan/core/row.hpp"
#include "fieldscan/data/draw.hpp"

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
  Flag flag() const { return flag_; }
  /// What follows from the mean over networks at the test points: its array, its error against the clean target and the
  /// learnability ⟨f g_k⟩/⟨g_k²⟩ of every component of the target that is not zero. Returns the error.
  double predictor(const VectorView& mean, const data::Draw& draw) {
    result_.arrays.push_back({.observable = Observable::predictor,
                              .time = time_,
                              .shape = {mean.size()},
                              .data = {mean.data(), mean.data() + mean.size()}});
    const double error = (mean - draw.test.target).squaredNorm() / static_cast<double>(mean.size());
    row(Observable::error_mean_predictor, error);
    for (Index k = 0; k < draw.test.modes.cols(); ++k) {
      const double power = draw.test.modes.col(k).squaredNorm();
      if (power > 0)
        row(Observable::learnability, mean.dot(draw.test.modes.col(k)) / power,
            draw.mode_numbers[static_cast<std::size_t>(k)]);
    }
    return error;
  }

 private:
  Result& result_;
  double time_;
  Flag flag_;
};

}  // namespace fieldscan::theory
