#include "curve_law.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "../quantity/bootstrap.hpp"
#include "../text/number.hpp"
#include "fit.hpp"
#include "least_squares.hpp"

namespace fieldscan::analysis {
namespace {

using Span = std::span<const double>;
using Gradient = std::span<double>;

// The models in u = log(x/x̄). Amplitudes of laws that fall to zero are positive: their logarithm is the parameter.

/// p = (log A, a).
double power(Span x, Span p, Gradient g) {
  const double y = std::exp(p[0] + p[1] * x[0]);
  g[0] = y, g[1] = y * x[0];
  return y;
}

/// p = (A, a, E): A of either sign, so that a curve may approach its floor from above or below.
double floor_law(Span x, Span p, Gradient g) {
  const double shape = std::exp(p[1] * x[0]);
  g[0] = shape, g[1] = p[0] * shape * x[0], g[2] = 1;
  return p[2] + p[0] * shape;
}

/// p = (log A, a, b, log(c/x̄)).
double crossover(Span x, Span p, Gradient g) {
  const double v = x[0] - p[3], change = p[2] - p[1], size = std::abs(change);
  const double beyond = 1 / (1 + std::exp(-size * v));  // 0 far below c, 1 far above
  // log(1 + e^t) = max(t, 0) + log1p(e^{−|t|})
  const double soft = std::max(size * v, 0.0) + std::log1p(std::exp(-std::abs(size * v))) - std::log(2.0);
  const double y = std::exp(p[0] + p[1] * v + (change < 0 ? -soft : soft));
  g[0] = y, g[1] = y * v * (1 - beyond), g[2] = y * v * beyond, g[3] = -y * (p[1] + change * beyond);
  return y;
}

/// p = (log A, k x̄): A at x̄.
double exponential(Span x, Span p, Gradient g) {
  const double t = std::exp(x[0]) - 1, y = std::exp(p[0] - p[1] * t);
  g[0] = y, g[1] = -t * y;
  return y;
}

Model model_of(CurveForm form, double order) {
  const auto plain = form == CurveForm::power       ? power
                     : form == CurveForm::floor     ? floor_law
                     : form == CurveForm::crossover ? crossover
                                                    : exponential;
  if (order == 1) return plain;
  return [plain](Span x, Span p, Gradient g) {  // y|y| and its derivative
    const double y = plain(x, p, g);
    for (double& slope : g) slope *= 2 * std::abs(y);
    return y * std::abs(y);
  };
}

double log_centre(Span x) {
  double sum = 0;
  for (double value : x) sum += std::log(value);
  return sum / static_cast<double>(x.size());
}

/// Many starts: steep and flat laws, early and late crossovers, high and low floors.
std::vector<std::vector<double>> starts_of(CurveForm form, Span u, const std::vector<double>& y) {
  const double middle = y[y.size() / 2], last = y.back();
  const double low = *std::ranges::min_element(y), high = *std::ranges::max_element(y);
  const double size = std::log(std::max(std::abs(middle), 1e-3 * std::max(std::abs(high), std::abs(low))) + 1e-300);
  std::vector<std::vector<double>> starts;
  for (const double a : {-3.0, -1.5, -0.7, -0.3, 0.3, 1.0, 2.0}) {
    if (form == CurveForm::power) starts.push_back({size, a});
    if (form == CurveForm::exponential) starts.push_back({size, -a});
    if (form == CurveForm::floor)
      for (const double part : {0.0, 0.5, 0.9, 1.0}) {
        const double base = last > y.front() ? high : low;
        starts.push_back({middle - part * base, a, part * base});
      }
    if (form == CurveForm::crossover)
      for (const double b : {-2.0, -1.0, -0.4, 0.4})
        for (const double c : {0.25, 0.5, 0.75}) starts.push_back({size, a, b, u[0] + c * (u[u.size() - 1] - u[0])});
  }
  return starts;
}

/// Values that agree to rounding.
bool is_constant(std::span<const Quantity> y) {
  double low = y[0].value, high = low;
  for (const Quantity& q : y) low = std::min(low, q.value), high = std::max(high, q.value);
  return high - low <= 1e-9 * std::max(std::abs(high), std::abs(low));
}

/// Whether an amplitude is zero to rounding (values are of order one), or of either sign in reweighted ensembles. Its
/// error may be large because draws differ, which leaves the exponent alone.
bool may_be_zero(const Quantity& amplitude) {
  if (std::abs(amplitude.value) <= 1e-9) return true;
  return sign_of(amplitude) == Sign::lost;
}

struct Prepared {
  LeastSquares problem;
  std::vector<std::vector<double>> starts;
  std::vector<double> values;
};

/// y in the unit of unit_of(y, order).
Prepared prepare(CurveForm form, Span x, std::span<const Quantity> y, double order) {
  Prepared prepared{
      .problem = {.model = model_of(form, order), .x = {}, .sigma = fit_errors(y)}, .starts = {}, .values = {}};
  const double centre = log_centre(x);
  std::vector<double> u, roots;
  for (std::size_t k = 0; k < x.size(); ++k) {
    u.push_back(std::log(x[k]) - centre);
    prepared.problem.x.push_back({u[k]});
    prepared.values.push_back(y[k].value);
    roots.push_back(order == 1 ? y[k].value : std::copysign(std::sqrt(std::abs(y[k].value)), y[k].value));
  }
  prepared.starts = starts_of(form, u, roots);
  return prepared;
}

}  // namespace

std::string_view word_of(CurveForm form) {
  constexpr std::array<std::string_view, 4> words{"power law", "power law with a floor", "crossover of two power laws",
                                                  "exponential"};
  return words[static_cast<std::size_t>(form)];
}

std::size_t parameters_of(CurveForm form) {
  return form == CurveForm::floor ? 3 : form == CurveForm::crossover ? 4 : 2;
}

double akaike(double chi_squared, std::size_t parameters, std::size_t points) {
  if (points <= parameters + 1) return std::numeric_limits<double>::infinity();
  const auto p = static_cast<double>(parameters), n = static_cast<double>(points);
  return chi_squared + 2 * p + 2 * p * (p + 1) / (n - p - 1);
}

CurveLaw fit_curve(CurveForm form, Span x, std::span<const Quantity> values, double order) {
  const double unit = unit_of(values, order), root = order == 2 ? std::sqrt(unit) : unit;  // of the law itself
  const std::vector<Quantity> y = in_unit(values, unit);
  CurveLaw law{.form = form};
  law.degrees = static_cast<int>(x.size()) - static_cast<int>(parameters_of(form));
  law.criterion = std::numeric_limits<double>::infinity();
  const auto fail = [&](std::string problem) {
    law.exponent = no_quantity(std::move(problem));
    return law;
  };
  for (const Quantity& q : y)
    if (!q.has_value()) return fail(q.problem);
  if (law.degrees < 1)
    return fail(fmt::format("{}; a {} needs {}", counted(x.size(), "point"), word_of(form), parameters_of(form) + 1));
  if (std::ranges::any_of(x, [](double value) { return !(value > 0); }))
    return fail("a power law needs positive abscissas");
  const bool bends = form == CurveForm::floor || form == CurveForm::crossover;
  if (bends && is_constant(y)) return fail(fmt::format("a constant curve: a {} has no exponent there", word_of(form)));
  const Prepared prepared = prepare(form, x, y, order);
  const Fit result = fit(prepared.problem, y, prepared.starts);
  law.exponent = result.parameters[form == CurveForm::crossover ? 2 : 1];
  if (!law.exponent.has_value()) {
    const bool positive = form == CurveForm::crossover || form == CurveForm::exponential;
    return positive && why_not_positive(y).find("negative") != std::string::npos
               ? fail(fmt::format("no {} fits: {}", word_of(form), why_not_positive(y)))
               : law;
  }
  if (form == CurveForm::floor && may_be_zero(result.parameters[0]))
    return fail("the part above the floor is lost in its error: it has no exponent");
  for (const Quantity& q : result.parameters) law.parameters.push_back(q.value);
  const double centre = std::exp(log_centre(x));
  if (form == CurveForm::exponential) {
    const std::array<Quantity, 1> rate{law.exponent};
    const std::array<double, 1> slope{-1 / centre};
    law.exponent = combine(-rate[0].value / centre, rate, slope);
  }
  if (form == CurveForm::floor) law.first = scaled(result.parameters[2], root);
  if (form == CurveForm::crossover) {
    law.first = result.parameters[1];
    const std::array<Quantity, 1> place{result.parameters[3]};
    law.crossover = propagate([&](Span v) { return centre * std::exp(v[0]); }, place, 1e-3);
  }
  law.chi_squared = result.chi_squared;
  law.criterion = akaike(law.chi_squared, parameters_of(form), x.size());
  for (const double value : result.fitted) law.fitted.push_back(value * unit);
  return law;
}

std::vector<RivalLaw> compare_forms(std::span<const CurveForm> forms, Span x, std::span<const Quantity> in,
                                    double order, std::uint64_t seed) {
  const std::vector<Quantity> y = in_unit(in, unit_of(in, order));
  std::vector<RivalLaw> rivals;
  std::vector<Prepared> prepared;
  for (const CurveForm form : forms) {
    rivals.push_back({fit_curve(form, x, y, order), 0});
    prepared.push_back(rivals.back().law.parameters.empty() ? Prepared{} : prepare(form, x, y, order));
  }
  const auto moved = resampled(y, seed);
  for (const std::vector<double>& values : moved) {
    std::size_t winner = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t f = 0; f < rivals.size(); ++f) {
      if (rivals[f].law.parameters.empty()) continue;
      const Minimum minimum = minimise(prepared[f].problem, values, {rivals[f].law.parameters});
      const double criterion = akaike(minimum.chi_squared, parameters_of(forms[f]), x.size());
      if (criterion < least) least = criterion, winner = f;
    }
    if (std::isfinite(least)) rivals[winner].share += 1 / static_cast<double>(moved.size());
  }
  return rivals;
}

}  // namespace fieldscan::analysis
