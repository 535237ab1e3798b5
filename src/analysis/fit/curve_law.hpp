#pragma once
#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "../quantity/quantity.hpp"

/// Laws that a curve may follow, fitted and compared.
namespace fieldscan::analysis {

/// With x̄ the geometric mean of the abscissas, u = log(x/x̄) and v = log(x/c):
///
///     power:        y = A x^a
///     floor:        y = E + A x^a
///     crossover:    y = A (x/c)^a ((1 + e^{|b−a| v})/2)^{sign(b−a)}     from exponent a far below c to b far above it
///     exponential:  y = A e^{−k x}                                      the rival of a power law
///
/// For b > a the crossover is the sum of two power laws, for b < a their harmonic sum.
enum class CurveForm { power, floor, crossover, exponential };
inline constexpr std::array<CurveForm, 4> curve_forms{CurveForm::power, CurveForm::floor, CurveForm::crossover,
                                                      CurveForm::exponential};
std::string_view word_of(CurveForm form);
/// The number of parameters; a fit needs one point more.
std::size_t parameters_of(CurveForm form);

struct CurveLaw {
  CurveForm form = CurveForm::power;
  Quantity exponent;   ///< a; crossover: b, beyond c; exponential: −k, in units of 1/x
  Quantity first;      ///< crossover: a; floor: E
  Quantity crossover;  ///< crossover: c
  double chi_squared = 0;
  int degrees = 0;                 ///< points − parameters
  double criterion = 0;            ///< akaike(); infinite where there is no fit
  std::vector<double> parameters;  ///< of the fit in the unit of unit_of(y, order)
  std::vector<double> fitted;      ///< the law at the points
};

/// Akaike's criterion with its correction for few points, χ² + 2p + 2p(p + 1)/(n − p − 1): infinite for n ≤ p + 1, so
/// that three points prefer no law of two parameters. Source: Hurvich and Tsai, "Regression and time series model
/// selection in small samples", Biometrika 76 (1989).
double akaike(double chi_squared, std::size_t parameters, std::size_t points);

/// Weighted least squares in y, with the weights of fit_power_law. order = 2: y are signed squares, the law is fitted
/// to its square. A fit does not depend on the unit of y. The exponent has a problem where there is no fit: too few
/// points, abscissas that are not positive, no minimum; for a floor or a crossover a curve that is constant, and for a
/// floor a part above it that its error hides.
CurveLaw fit_curve(CurveForm form, std::span<const double> x, std::span<const Quantity> y, double order = 1);

/// One law among its rivals.
struct RivalLaw {
  CurveLaw law;
  double share = 0;  ///< of the bootstrap's replicates in which it has the least criterion
};

/// The given forms fitted to one curve and compared by akaike(), with a multiplier bootstrap over draws and
/// initialisations that moves all points together: a law is preferred only where it wins in nearly all replicates.
///
/// χ² takes the points as independent; the bootstrap does not. Source: Akaike, "A new look at the statistical model
/// identification", IEEE Transactions on Automatic Control 19 (1974).
std::vector<RivalLaw> compare_forms(std::span<const CurveForm> forms, std::span<const double> x,
                                    std::span<const Quantity> y, double order, std::uint64_t seed);

}  // namespace fieldscan::analysis
