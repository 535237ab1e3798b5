#pragma once
#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "../quantity/quantity.hpp"

namespace fieldscan::analysis {

/// A joint scaling law of two resources,
///
///     sum:    y = A N^a + B P^b
///     floor:  y = E + A N^a + B P^b
///     min:    y = max(A N^a, B P^b)      the scarcer resource decides.
///
/// The form with a floor is that of Hoffmann and others, "Training compute-optimal large language models", NeurIPS 35
/// (2022), with a = −α and b = −β.
struct JointLaw {
  enum class Form { sum, floor, min };
  std::array<Quantity, 2> exponents;   ///< a, b; negative for a law that falls, as in fit_power_law
  std::array<Quantity, 2> amplitudes;  ///< A, B, at N = P = 1
  Quantity floor;                      ///< E; exactly 0 in the other forms
  double chi_squared = 0;
  int degrees = 0;             ///< points − parameters
  double criterion = 0;        ///< akaike(); infinite where there is no fit
  std::vector<double> fitted;  ///< the law at the points
};
std::string_view word_of(JointLaw::Form form);
/// The first term A N^a (j = 0) or the second B P^b (j = 1) of a law at an abscissa.
Quantity term_of(const JointLaw& law, std::size_t j, double x);

/// Weighted least squares in y (weights as in fit_power_law), from many starts; errors by the chain rule over all
/// points. The problem of the exponents says why there is no fit; at least six points are needed, seven with a floor,
/// and values that vary along both resources. A fit does not depend on the unit of y.
JointLaw fit_joint_law(std::span<const std::array<double, 2>> x, std::span<const Quantity> y, JointLaw::Form form);

}  // namespace fieldscan::analysis
