#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "../quantity/observe.hpp"
#include "../quantity/quantity.hpp"
#include "../table/site.hpp"
#include "../table/table.hpp"
#include "fieldscan/scan/points/names.hpp"

/// The formulas of statements, evaluated at sites.
namespace fieldscan::analysis {

/// A number of `define`, for one group.
struct DefinedNumber {
  Site site;  ///< a representative of the group
  std::map<std::string, std::string> key;
  Quantity quantity;
};

/// What evaluation needs. `resolve` and `resolve_name` stand for scan::mentions and scan::resolve_name of the scan.
struct Context {
  const Table* table = nullptr;
  std::function<scan::Mentions(const std::string&)> resolve;
  std::function<scan::ResolvedName(const std::string&)> resolve_name;
  std::uint64_t seed = 0;
  std::map<std::string, std::vector<DefinedNumber>> definitions;
};

/// How the number of a formula is returned. `signed_square`: y|y|, which is smooth in squares such as that of
/// deviation().
enum class Power { plain, signed_square };

/// On which data draws a formula is evaluated: on those that everything it mentions has. `paired`: where a theory
/// stands in the place of a measurement, of these on those that were measured; `own`: on all that the theory has, so
/// that its number does not depend on which networks there are.
enum class Draws { paired, own };

/// Whether a formula, as written, mentions a measurement.
bool mentions_measurement(const scan::Mentions& formula);

/// The formula as another theory has it: where it mentions no measurement, its predictions become those of `theory`, so
/// that `nngp.error_test` with learning_curve compares with learning_curve.error_test.
scan::Mentions as_predicted(scan::Mentions formula, const std::string& theory);

/// The number of a formula at a site. `theory`: its observables are taken from this theory; empty: as written.
///
/// Measurements and theories given the data draw enter on the draws that all of them have, so that differences are
/// paired in a half-done run too. A formula of words and fields is exact. What is missing makes a quantity with a
/// problem.
Quantity evaluate(const Context& context, const scan::Mentions& formula, const Site& site,
                  const std::string& theory = "", Power power = Power::plain, Draws draws = Draws::paired);

/// A formula at a site, as one side of a comparison.
struct Side {
  const scan::Mentions& formula;
  const Site& site;
  std::string theory = {};
};
/// Both sides on the data draws that both have. Where no draw is common: at one site both have a problem; at two sites
/// (two widths) each stands on its own draws, unpaired.
struct Pair {
  Quantity a, b;
  std::string draws;  ///< "on the 6 of 24 data draws that both have"; empty where neither has others
};
Pair evaluate_pair(const Context& context, const Side& a, const Side& b, Power power = Power::plain);

/// The time that a word means at a point: start, end, or best, where the mean validation error is least (never the
/// test error); nothing where that is not known.
std::optional<TimePick> time_of_word(const TablePoint& point, const std::string& word);

/// Whether the formula mentions deviation() or rms(): a root that is taken last.
bool has_root(const scan::Mentions& formula);
/// Whether a word names a theory at any point of the table.
bool is_theory(const Table& table, const std::string& word);
/// Whether a theory of that name is a reference: computed beside the networks, which need not obey it.
bool is_reference(const Table& table, const std::string& theory);
/// √|x| with the sign of x.
double signed_root(double x);

/// The times at which a formula's observables are known at a point, ascending: finite ones, where there are any. The
/// average over a chain is no time.
std::vector<double> times_at(const Context& context, const scan::Mentions& formula, std::size_t point,
                             const std::string& theory);
/// The coordinates of the formula's first observable with a dimension of its own, and that dimension's word.
std::pair<std::string, std::vector<double>> coordinates_at(const scan::Mentions& formula, const TablePoint& point,
                                                           const std::string& theory);

}  // namespace fieldscan::analysis
