#include "few_members.hpp"

#include <fmt/format.h>

#include "../points/check_point.hpp"
#include "../text/number.hpp"
#include "fieldscan/core/text.hpp"
#include "fieldscan/scan/statement/few_members.hpp"
#include "fieldscan/training/list.hpp"

namespace fieldscan::scan {

namespace {

/// How large an ensemble has to be.
std::string least_of(std::int64_t members, bool sampler) {
  return sampler ? fmt::format("at least {} chains in all", members)
                 : fmt::format("at least {0} data draws, or {0} initialisations where these vary more", members);
}

/// The same of an ensemble of which one level is too small beside the other.
std::string both_levels() {
  return fmt::format(
      "of data draws and of initialisations at least {}, or one alone of either, to know how much both vary",
      members_beside);
}

}  // namespace

void FewMembers::see(const Block& block, const Point& point) {
  tests_.see(point);
  if (!tests_.found().empty() || !trains(point.spec)) return;
  const bool sampler = training::is_sampler(point.spec.training);
  const Ensemble ensemble = ensemble_of(point, Side::measured);
  if (draws_are_one(point, Side::measured) && point.ensemble.data_draws > 1) return;  // FS0632 says what helps
  if (!is_too_few(ensemble, sampler, members_for_mean)) return;
  const bool one = ensemble.data_draws * ensemble.initialisations < 2;
  const std::string_view what = one ? "no mean will have an interval of its ensemble, and no test of one be decided"
                                    : "no test of a mean will be decided";
  report_.warning("FS0603", place_of(block, "ensemble"), "ensemble",
                  fmt::format("{}: that takes {}, and there {} {}", what,
                              members_of(ensemble, sampler) < members_for_mean ? least_of(members_for_mean, sampler)
                                                                               : both_levels(),
                              one ? "is" : "are", text_of(ensemble, sampler)),
                  fmt::format("{}; a fit takes {}", options_for(ensemble, sampler, members_for_mean), members_for_fit));
}

void FewMembers::warn_of_two_points(const Test& test, const TestMembers& members) const {
  if (!std::holds_alternative<PowerLaw>(test.kind) || members.abscissas.size() != 2) return;
  report_.warning("FS0617", test.place, "tests",
                  fmt::format("the test '{}' can not be decided: '{}' has two values at its points, {} and {}, and a "
                              "power law needs three",
                              test.name, versus_of(test).front().text, shortest(*members.abscissas.begin()),
                              shortest(*members.abscissas.rbegin())),
                  "give it more values under `scan`; between two points: kind: agreement, or define a ratio");
}

void FewMembers::finish() const {
  for (std::size_t k = 0; k < statements_.tests.size(); ++k)
    warn_of_two_points(statements_.tests[k], tests_.found()[k]);
  for (const TestMembers& test : tests_.found()) {
    if (test.too_few == 0) continue;
    const std::string where =
        test.too_few == test.points ? "every point" : fmt::format("{} of {} points", test.too_few, test.points);
    const std::string why = test.members < test.needed ? least_of(test.needed, test.sampler) : both_levels();
    report_.warning("FS0603", test.place, "tests",
                    fmt::format("the test '{}' can not be decided: it takes {}; {} {} {}", test.test, why, where,
                                test.too_few == 1 || test.too_few == test.points ? "has" : "have",
                                text_of(test.least, test.sampler)),
                    options_for(test));
  }
}

}  // namespace fieldscan::scan
