#pragma once
#include <functional>
#include <span>
#include <vector>

#include "../quantity/quantity.hpp"

namespace fieldscan::analysis {

/// f(x; p), and its derivatives by the parameters p, which it writes into `gradient` (as long as p).
using Model = std::function<double(std::span<const double> x, std::span<const double> p, std::span<double> gradient)>;

/// Weighted nonlinear least squares: y_k ≈ f(x_k; p) with errors σ_k > 0.
struct LeastSquares {
  Model model;
  std::vector<std::vector<double>> x;  ///< [points × abscissas]
  std::vector<double> sigma;           ///< [points]
};

struct Minimum {
  std::vector<double> parameters;  ///< empty where no start led to a finite minimum
  double chi_squared = 0;          ///< Σ_k (y_k − f(x_k; p))²/σ_k²
};

/// The lowest minimum that Levenberg–Marquardt steps reach from any of the starts.
///
/// The optimiser is Ceres (Agarwal, Mierle and others, "Ceres Solver"). Starts that end in a value that is not finite
/// do not count.
Minimum minimise(const LeastSquares& problem, std::span<const double> y,
                 const std::vector<std::vector<double>>& starts);

struct Fit {
  std::vector<Quantity> parameters;  ///< with problems where there is no fit
  double chi_squared = 0;
  std::vector<double> fitted;  ///< f(x_k; p)
};

/// The fit to quantities, with errors by the chain rule over all points: every value is moved by ± a part of its
/// standard error and the fit done again from the minimum. So points that share data draws or initialisations move
/// together. Errors are those of resample_errors() where the linear ones are not enough; there the weights follow the
/// values.
Fit fit(const LeastSquares& problem, std::span<const Quantity> y, const std::vector<std::vector<double>>& starts);

}  // namespace fieldscan::analysis
