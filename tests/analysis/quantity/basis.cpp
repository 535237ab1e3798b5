#include "../../../src/analysis/quantity/basis.hpp"

#include "../../../src/analysis/quantity/observe.hpp"
#include "../../../src/analysis/quantity/observed.hpp"
#include "../../../src/analysis/verdict/judge.hpp"
#include "../synthetic.hpp"
#include "catch.hpp"

namespace fieldscan::analysis {
namespace basis_cases {
namespace {

namespace syn = fieldscan::analysis::synthetic;

const Site at_end{0, {TimePick::Kind::end, 0}, std::nullopt, ""};

/// Two draws with two networks or chains each, of which the first `lost` ended so, and a theory on both draws.
Table ensemble(int lost, Outcome outcome, bool sampler = false) {
  Table table = syn::make_table({.widths = {64}, .draws = 2, .initialisations = 2, .sampler = sampler});
  table.points[0].point.spec.data.test_set = data::TestSet::shared;
  syn::add_predictors(table, 2, 5, 1, 0, 0.1);
  syn::add_errors(table, 1, {.draws = 0.1, .rest = 0.1}, 1, 2);
  auto& members = table.points[0].measured.members;
  for (int k = 0; k < lost; ++k) members[static_cast<std::size_t>(k)].outcome = outcome;
  sort_series(table.points[0].measured);
  return table;
}

Quantity error_of(const Table& table) {
  return observe(table.points[0], "", Observable::error_test, 0, at_end, std::nullopt);
}

}  // namespace
TEST_CASE("a mark has a word, the same as an outcome or a flag has, and nothing has none") {
  CHECK(words_of_marks(0).empty());
  CHECK(mark_of(Outcome::done) == 0);
  CHECK(mark_of(Flag::none) == 0);
  CHECK(mark_of(Flag::not_equilibrated) == mark_of(Outcome::not_equilibrated));
  Marks all = 0;
  for (const Outcome outcome : all_outcomes) all |= mark_of(outcome);
  for (const Flag flag : {Flag::censored, Flag::not_equilibrated, Flag::outside_validity}) all |= mark_of(flag);
  CHECK(all == 255);
  CHECK(words_of_marks(static_cast<Marks>(mark_of(Outcome::diverged) | mark_of(Flag::outside_validity))) ==
        "outside_validity diverged");
  for (std::size_t k = 0; k < all_outcomes.size(); ++k) CHECK(static_cast<std::size_t>(all_outcomes[k]) == k);
}

TEST_CASE("of what is formed from two numbers the one that lacks more of its members stands") {
  const Basis whole{.members = 4, .asked = 4}, half{.members = 2, .asked = 4, .marks = 1},
      many{.members = 90, .asked = 96}, nothing{};
  const auto joined = [](Basis a, const Basis& b) {
    a.join(b);
    return a;
  };
  CHECK(joined(whole, half) == half);
  CHECK(joined(half, whole) == half);
  CHECK(joined(many, whole) == many);
  CHECK(joined(whole, nothing) == whole);
  CHECK(joined(nothing, whole) == whole);
  CHECK(joined(half, many) == half);
  CHECK(Basis{}.fewer() == false);
  CHECK(half.fewer());
  CHECK(Basis{.members = 0, .asked = 4}.none());
  CHECK_FALSE(Basis{}.none());
}

TEST_CASE("a mean says of how many replicas it is, and how the others ended") {
  CHECK(marked_basis(error_of(ensemble(0, Outcome::done))) == Basis{.members = 4, .asked = 4});
  const Basis one = marked_basis(error_of(ensemble(3, Outcome::diverged)));
  CHECK(columns_of(one) == "1,4,diverged");
  CHECK(columns_of(marked_basis(error_of(ensemble(1, Outcome::numerical_error)))) == "3,4,numerical_error");
  const Quantity none = error_of(ensemble(4, Outcome::diverged));
  CHECK_FALSE(none.has_value());
  CHECK(columns_of(marked_basis(none)) == "0,4,diverged");
  Table unfinished = ensemble(0, Outcome::done);
  unfinished.points[0].measured.wanted = 6;
  CHECK(columns_of(marked_basis(error_of(unfinished))) == "4,6,");
}

TEST_CASE("chains that did not equilibrate, and networks that did not converge, enter and are told") {
  const Quantity chains = error_of(ensemble(1, Outcome::not_equilibrated, true));
  CHECK(columns_of(marked_basis(chains)) == "4,4,not_equilibrated");
  CHECK(chains.unequilibrated == 0.25);  // the share that the verdict is marked with
  CHECK(columns_of(marked_basis(error_of(ensemble(2, Outcome::not_converged)))) == "4,4,not_converged");
  CHECK(marked_basis(error_of(ensemble(0, Outcome::done, true))).marks == 0);
}

TEST_CASE("what is formed from predictors, and differences from theories, say the same") {
  const Table table = ensemble(1, Outcome::diverged);
  for (const Observable o : {Observable::error_mean_predictor, Observable::variance_init}) {
    const Quantity formed = observe(table.points[0], "", o, 0, at_end, std::nullopt);
    CAPTURE(info(o).name);
    CHECK(formed.basis.asked == 4);
    CHECK(formed.basis.members < 4);
    CHECK(marks_of(formed) == mark_of(Outcome::diverged));
  }
}

TEST_CASE("a theory beyond its range, one that does not apply and one that was not solved are told") {
  Table table = ensemble(0, Outcome::done);
  const auto with = [&](Outcome outcome, Flag flag) {
    auto series = std::make_shared<Series>(*table.points[0].theories.at("nngp"));
    for (Row& row : series->members[0].rows) row.flag = flag;
    series->members[0].outcome = outcome;
    if (outcome != Outcome::done) series->members[0].rows.clear(), series->members[0].arrays.clear();
    table.points[0].theories["nngp"] = series;
    return columns_of(marked_basis(mean_of_rows(*series, Observable::error_test, equilibrium, 0)));
  };
  CHECK(with(Outcome::done, Flag::none) == "2,2,");
  CHECK(with(Outcome::done, Flag::outside_validity) == "2,2,outside_validity");
  CHECK(with(Outcome::not_converged, Flag::none) == "1,2,not_converged");
  CHECK(with(Outcome::not_applicable, Flag::none) == "1,2,not_applicable");
}

TEST_CASE("a finding says on what it stands, also where there is no number") {
  const Finding judged = judge(error_of(ensemble(1, Outcome::diverged)), {.low = 0, .high = 1}, members_for_mean);
  CHECK(columns_of(judged.basis) == "3,4,diverged");
  const Finding none = judge(error_of(ensemble(4, Outcome::diverged)), {.low = 0, .high = 1}, members_for_mean);
  CHECK(columns_of(none.basis) == "0,4,diverged");
}

}  // namespace basis_cases
}  // namespace fieldscan::analysis
