#pragma once
#include "../formula/groups.hpp"
#include "along.hpp"
#include "ended.hpp"
#include "wish.hpp"

/// What stands beside a measured curve: theories, formulas, and how far it is from the first of them.
namespace fieldscan::analysis {

/// What stands in `with`: a theory that takes the place of the measurement, or a formula of its own.
struct Beside {
  std::string text;
  std::string theory;  ///< empty for a formula
  scan::Mentions formula;
  std::vector<std::size_t> lines = {};  ///< its curves: their places in the panel
  std::size_t groups = 0;               ///< beside how many groups it has a curve
  std::size_t groups_with_own = 0;      ///< of these, those whose curve no other group had before
  /// Puts its curves beside a group into the panel, but those that are there already.
  void add_group(Panel& panel, std::vector<DrawnCurve> curves);
};

std::vector<Beside> references_of(const Context& context, const Wish& wish, const scan::Curves& kind);

/// Theories and formulas beside a measured curve that looks like `measured`; one that is the same for every group (an
/// infinite-width curve for all widths) is drawn once. And where something was measured its residuals from the first of
/// them that has any. `ended`: where no prediction has a number.
void add_references(const Context& context, const Wish& wish, const scan::Curves& kind, std::vector<Beside>& references,
                    const Group& group, const DrawnCurve& measured, Panel& panel, Ended& ended);

/// A theory with one curve for all of so many groups has no group's name or colour.
void free_common_theories(Panel& panel, const std::vector<Beside>& references, std::size_t groups);

}  // namespace fieldscan::analysis
