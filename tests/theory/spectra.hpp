#pragma once
#include <cmath>

#include "fieldscan/theory/average/effective_ridge.hpp"
#include "theory/average.hpp"
#include "theory/random.hpp"
#include "theory/reference.hpp"
#include "theory/setup.hpp"

/// Spectra that several tests use.
namespace fieldscan::testing {

inline Vector power_law(double exponent, Index modes) {
  return Vector::LinSpaced(modes, 1, static_cast<double>(modes)).array().pow(-exponent);
}

/// A spectrum, and the power of a target on it.
struct Case {
  theory::Spectrum spectrum;
  Vector power;
};

/// That of a reference entry: listed, or i^−exponent for i = 1 … modes.
inline Case read_case(const reference::Entry& entry) {
  Case out;
  if (entry.in.contains("exponent")) {
    const auto modes = static_cast<Index>(entry.number("modes"));
    out.spectrum.eigenvalue = power_law(entry.number("exponent"), modes);
    if (entry.in.contains("power_exponent")) out.power = power_law(entry.number("power_exponent"), modes);
  } else {
    out.spectrum.eigenvalue = reference::vector(entry.in.at("lam"));
    if (entry.in.contains("g2")) out.power = reference::vector(entry.in.at("g2"));
  }
  out.spectrum.degeneracy = entry.in.contains("deg") ? reference::vector(entry.in.at("deg"))
                                                     : Vector(Vector::Ones(out.spectrum.eigenvalue.size()));
  if (out.power.size() == 0) out.power = Vector::Zero(out.spectrum.eigenvalue.size());
  return out;
}

/// Spectra over thirty decades, with degeneracies, gaps, zeros, more and fewer modes than points.
inline theory::Spectrum nasty_spectrum(const Stream& random) {
  const auto modes = static_cast<Index>(1 + random.below(40, 0));
  theory::Spectrum s{.eigenvalue = Vector(modes), .degeneracy = Vector(modes)};
  for (Index i = 0; i < modes; ++i) {
    const auto k = static_cast<std::uint64_t>(i);
    s.eigenvalue[i] = random.uniform(4 * k + 1) < 0.1 ? 0.0 : std::pow(10.0, -25 + 30 * random.uniform(4 * k + 2));
    s.degeneracy[i] = random.uniform(4 * k + 3) < 0.5 ? 1.0 : std::floor(std::pow(10.0, 5 * random.uniform(4 * k + 4)));
  }
  return s;
}

}  // namespace fieldscan::testing
