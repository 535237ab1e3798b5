#pragma once
#include <string>
#include <string_view>
#include <vector>

/// Which theory of finite width to believe at one point.
namespace fieldscan::scan {

/// Two hidden layers whose kernels adapt, as a scan file asks for it.
inline constexpr std::string_view sampled_adaptation = "{kind: deep_adaptation, closure: sampled}";

/// What decides, at one point and one data draw. K is the kernel at initialisation.
struct RegimeNumbers {
  double signal = 0;                              ///< E = (χ/N) tᵀKt, t = (K + κ)⁻¹ y
  double trace = 0;                               ///< tr(GK)/N, G = (K + κ)⁻¹
  double points = 0;                              ///< P
  double dimension = 0;                           ///< d
  double width = 0;                               ///< N of the last hidden layer
  double chi = 1;                                 ///< χ
  std::vector<std::string_view> applicable = {};  ///< theories of finite width that have a meaning here,
                                                  ///< words as a scan file has them
};

/// The theories for such a point, words as a scan file has them: one where it is known to hold; else those to run side
/// by side; none where none is near. In order, the first that says something decides:
///
///     linear units                                              deep_linear
///     E + tr(GK)/N ≤ 1/100                                      nngp: the width makes no difference
///     one direction, P ≥ 10d, χ ≥ N/10                          droplet
///     E ≥ 2 and E ≥ 3 tr(GK)/N                                  kernel_adaptation; droplet too where P ≥ 3d, χ ≥ N/10
///     the same, two hidden layers, P ≤ 64                       deep_adaptation with `closure: sampled`
///     E ≤ 1/2 and tr(GK)/N ≤ 0.3                                perturbative } both, where both
///     χ < N/10, P/N and P/d within a factor of 5 of 1           kernel_renormalisation }
///     between these                                             the two whose conditions are nearest in their ratio,
///                                                               within a factor of 5
std::vector<std::string> recommended_theories(const RegimeNumbers& numbers);

}  // namespace fieldscan::scan
