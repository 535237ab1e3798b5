#pragma once
#include "fieldscan/core/cost.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"
#include "fieldscan/theory/setting.hpp"

/// What theories cost, for plans: one core, within a factor of some 3.
namespace fieldscan::theory {

/// Whether all points have one norm.
using network::Norms;
Norms norms_of(const data::Spec& spec);

using network::seconds_per_average;
/// Seconds per pair of points for K and Θ of the output, with the product x·x′.
double seconds_per_pair(const KernelSpec& kernel, double dimension, Norms norms);

/// Levels on the sphere until P λ_l falls to 10⁻⁶ of the ridge: of a rectifier λ_l ∝ l^−(d+2) for K and l^−d for Θ;
/// others fall faster.
double sphere_levels(const Setting& setting);
/// An average over data sets: of the levels on the sphere and modes of a covariance, or of the eigenvectors of the rows
/// of a file.
Cost average_cost(const Setting& setting);
/// The same of all rows of a file, with so many eigenvectors.
Cost all_rows_cost(const Setting& setting, double top);

/// What a theory given a draw of P training and T test points does.
struct DrawWork {
  double seconds_per_pair = 0;  ///< of P²/2 + P T pairs of points
  double cubes = 0;             ///< operations in units of P³
  double products = 1;          ///< of a matrix [P × P] and one [P × T]
  double bytes = 0;             ///< held at most
};
/// Its cost, with the threads that the algebra of P rows takes.
Cost draw_cost(const Setting& setting, const DrawWork& work);
/// The same for the kernels of the point's own network.
Cost draw_cost(const Setting& setting, double cubes, double products, double bytes);
/// Cubes of a factorisation, or without a ridge of eigenpairs, beside those that a theory adds.
double cubes_of_regression(double ridge);

}  // namespace fieldscan::theory
