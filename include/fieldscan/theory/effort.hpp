#pragma once
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

/// What theories cost, for plans: one core, within a factor of some 3.
namespace fieldscan::theory {

/// Whether all points have one norm: then an activation without closed averages has a table of them.
enum class Norms { equal, different };
Norms norms_of(const data::Spec& spec);

/// Seconds per Gaussian average of a pair with its derivative.
double seconds_per_average(const network::ActivationChoice& activation, double weight_variance, Norms norms);
/// Seconds per pair of points for K and Θ of the output, with the product x·x′.
double seconds_per_pair(const KernelSpec& kernel, double dimension, Norms norms);

/// Seconds and bytes of an average over data sets at a setting: of the levels on the sphere and modes of a covariance, or of the eigenvectors
/// of the rows of a file.
double average_seconds(const Setting& setting);
double average_bytes(const Setting& setting);

}  // namespace fieldscan::theory
