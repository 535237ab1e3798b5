#pragma once
#include "sites.hpp"

/// Curves: a formula along an abscissa.
namespace fieldscan::analysis {

/// A curve: abscissas, ascending, with their quantities.
struct Curve {
  std::vector<double> x;
  std::vector<Quantity> y;
  std::vector<Site> sites;
  double order = 1;  ///< 2: y are signed squares, whose roots are meant
  /// A censored number: it lies above, or below, a value, and is no point of the curve.
  struct Bound {
    double x = 0, value = 0;
    Censored side = Censored::above;
  };
  std::vector<Bound> bounds;
  std::string left_out;  ///< how many sites are no points of the curve, and why; empty where all are

  Lack lack = Lack::nothing;  ///< of what is left out
  Basis basis = {};           ///< of its points
  Basis left_out_basis = {};  ///< of the sites that are left out

  /// Why there is nothing to say: the reason that all sites share, else `problem` and what is left out.
  Missing why_none(const std::string& problem) const;
};

/// The curve of a formula over the sites of a group; sites without a number, and those whose number is censored, are
/// left out.
Curve make_curve(const Context& context, const scan::Mentions& of, const scan::Mentions& versus,
                 const std::vector<Site>& sites, const std::string& theory = "", Power power = Power::plain);

/// The curve of the measurement and that of a theory, every point on the data draws that both have.
struct CurvePair {
  Curve measured, predicted;
  std::string draws;  ///< "on the 6 of 24 data draws that both have", of the first point where that is so
};
CurvePair make_curves(const Context& context, const scan::Mentions& of, const scan::Mentions& versus,
                      const std::vector<Site>& sites, const std::string& theory, Power power = Power::plain);

}  // namespace fieldscan::analysis
