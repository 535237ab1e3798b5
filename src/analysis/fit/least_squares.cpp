#include "least_squares.hpp"

#include <ceres/ceres.h>
#include <ceres/version.h>
#if CERES_VERSION_MAJOR == 2 && CERES_VERSION_MINOR <= 2  // later ones do not log by it
#include <glog/logging.h>
#define FIELDSCAN_CERES_LOGS_BY_GLOG
#endif

#include <cmath>
#include <limits>

#include "fit.hpp"
#include "resample_errors.hpp"

namespace fieldscan::analysis {
namespace {

/// The residuals (f − y)/σ of all points, as Ceres asks for them.
class Residuals final : public ceres::CostFunction {
 public:
  Residuals(const LeastSquares& problem, std::span<const double> y, std::size_t parameters)
      : problem_(problem), y_(y), gradient_(parameters) {
    set_num_residuals(static_cast<int>(y.size()));
    mutable_parameter_block_sizes()->push_back(static_cast<int>(parameters));
  }

  bool Evaluate(double const* const* blocks, double* residuals, double** jacobians) const override {
    const std::span<const double> p(blocks[0], gradient_.size());
    for (std::size_t k = 0; k < y_.size(); ++k) {
      residuals[k] = (problem_.model(problem_.x[k], p, gradient_) - y_[k]) / problem_.sigma[k];
      if (!std::isfinite(residuals[k])) return false;
      if (!jacobians || !jacobians[0]) continue;
      for (std::size_t j = 0; j < gradient_.size(); ++j) {
        if (!std::isfinite(gradient_[j])) return false;
        jacobians[0][k * gradient_.size() + j] = gradient_[j] / problem_.sigma[k];
      }
    }
    return true;
  }

 private:
  const LeastSquares& problem_;
  std::span<const double> y_;
  mutable std::vector<double> gradient_;
};

/// What Ceres writes to stderr of a start that leads nowhere; its summary says so too.
void silence() {
#ifdef FIELDSCAN_CERES_LOGS_BY_GLOG
  FLAGS_minloglevel = google::GLOG_FATAL;
#endif
}

ceres::Solver::Options options() {
  ceres::Solver::Options options;
  options.linear_solver_type = ceres::DENSE_QR;
  options.max_num_iterations = 200;
  options.function_tolerance = 1e-14;
  options.parameter_tolerance = 1e-12;
  options.gradient_tolerance = 1e-14;
  options.num_threads = 1;
  options.logging_type = ceres::SILENT;
  return options;
}

}  // namespace

Minimum minimise(const LeastSquares& problem, std::span<const double> y,
                 const std::vector<std::vector<double>>& starts) {
  silence();
  Minimum best{.parameters = {}, .chi_squared = std::numeric_limits<double>::infinity()};
  for (const std::vector<double>& start : starts) {
    std::vector<double> p = start;
    ceres::Problem residuals;
    residuals.AddResidualBlock(new Residuals(problem, y, p.size()), nullptr, p.data());
    ceres::Solver::Summary summary;
    ceres::Solve(options(), &residuals, &summary);
    if (!summary.IsSolutionUsable() || !(2 * summary.final_cost < best.chi_squared)) continue;
    best = {p, 2 * summary.final_cost};
  }
  return best;
}

Fit fit(const LeastSquares& problem, std::span<const Quantity> y, const std::vector<std::vector<double>>& starts) {
  constexpr double reach =
      0.3;  // standard errors: far enough to see the curvature of the problem, near enough to be its slope
  const std::size_t count = starts.at(0).size();
  const auto none = [&](const std::string& why) { return Fit{std::vector<Quantity>(count, no_quantity(why)), 0, {}}; };
  std::vector<double> values;
  for (const Quantity& q : y) {
    if (!q.has_value()) return none(q.problem);
    values.push_back(q.value);
  }
  const Minimum best = minimise(problem, values, starts);
  if (best.parameters.empty()) return none("the fit does not converge");
  std::vector<std::vector<double>> slopes(count, std::vector<double>(y.size(), 0.0));
  for (std::size_t k = 0; k < y.size(); ++k) {
    const double error = estimate(y[k]).standard_error;
    const double h = reach * (std::isfinite(error) && error > 0 ? error : problem.sigma[k]);
    if (y[k].exact()) continue;
    values[k] = y[k].value + h;
    const Minimum up = minimise(problem, values, {best.parameters});
    values[k] = y[k].value - h;
    const Minimum down = minimise(problem, values, {best.parameters});
    values[k] = y[k].value;
    if (up.parameters.empty() || down.parameters.empty()) return none("the fit does not converge within the errors");
    for (std::size_t j = 0; j < count; ++j) slopes[j][k] = (up.parameters[j] - down.parameters[j]) / (2 * h);
  }
  Fit result{{}, best.chi_squared, {}};
  for (std::size_t j = 0; j < count; ++j) result.parameters.push_back(combine(best.parameters[j], y, slopes[j]));
  std::vector<double> gradient(count);
  for (const auto& x : problem.x) result.fitted.push_back(problem.model(x, best.parameters, gradient));
  resample_errors(result.parameters, y, result.fitted, [&](std::span<const Quantity> left) {
    const LeastSquares again{.model = problem.model, .x = problem.x, .sigma = fit_errors(left)};
    std::vector<double> values_left;
    for (const Quantity& q : left) values_left.push_back(q.value);
    return minimise(again, values_left, {best.parameters}).parameters;
  });
  return result;
}

}  // namespace fieldscan::analysis
