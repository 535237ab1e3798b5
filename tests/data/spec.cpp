#include "fieldscan/data/spec.hpp"

#include "catch.hpp"
#include "fieldscan/core/canonical.hpp"
#include "fixture.hpp"

using namespace fieldscan;
using namespace fieldscan::data;

namespace {

std::string problem(const Spec& spec) { return spec.problem().value_or(""); }

}  // namespace

TEST_CASE("combinations that are possible have no problem", "[spec]") {
  CHECK(problem({.input = Sphere{.dim = 8}, .target = Gegenbauer{}}) == "");
  CHECK(problem({.input = Gaussian{.dim = 8}, .target = TeacherNetwork{}, .train_size = TrainSizeWord::online}) == "");
  CHECK(problem({.input = Hypercube{.dim = 8}, .target = Parity{}, .train_size = TrainSizeWord::whole}) == "");
  CHECK(
      problem({.input = Hypercube{.dim = 8}, .target = Parity{}, .train_size = 255, .test_size = TestSizeWord::rest}) ==
      "");
  CHECK(problem({.input = File{.path = "/no/such"},
                 .target = FileLabels{},
                 .train_size = TrainSizeWord::whole,
                 .test_size = TestSizeWord::rest}) == "");
}

TEST_CASE("combinations that are impossible say why, and what to do", "[spec]") {
  const InputChoice sphere = Sphere{.dim = 8}, cube = Hypercube{.dim = 3}, file = File{.path = "/no/such"};
  CHECK(test::missing(problem({.input = sphere, .target = Gegenbauer{}, .test_size = TestSizeWord::exact}),
                      {"exact", "linear in x", "give a number"}) == "");
  CHECK(test::missing(problem({.input = file, .test_size = TestSizeWord::exact}), {"known covariance"}) == "");
  const InputChoice three = File{.path = "/no/such", .classes = {1, 2, 3}};
  CHECK(test::missing(problem({.input = three, .target = FileLabels{}}), {"more than two", "one_hot"}) == "");
  CHECK(problem({.input = three, .target = FileLabels{.coding = Coding::one_hot}}) == "");
  CHECK(test::missing(problem({.input = sphere, .train_size = TrainSizeWord::whole}), {"finite set", "not sphere"}) ==
        "");
  CHECK(test::missing(problem({.input = sphere, .test_size = TestSizeWord::rest}), {"finite set"}) == "");
  CHECK(test::missing(problem({.input = sphere, .target = FileLabels{}}), {"kind: file"}) == "");
  CHECK(test::missing(problem({.input = file, .target = FileLabels{}, .train_size = TrainSizeWord::online}),
                      {"runs out"}) == "");
  CHECK(test::missing(problem({.input = sphere, .train_size = TrainSizeWord::online, .labels = Labels::shuffled}),
                      {"online"}) == "");
  CHECK(test::missing(problem({.input = cube, .train_size = TrainSizeWord::online, .test_size = TestSizeWord::rest}),
                      {"online"}) == "");
  CHECK(test::missing(problem({.input = cube, .train_size = TrainSizeWord::whole, .test_size = TestSizeWord::rest}),
                      {"leaves nothing"}) == "");
  CHECK(test::missing(problem({.input = cube, .train_size = 8, .test_size = TestSizeWord::rest}), {"8 of 8 corners"}) ==
        "");
  CHECK(test::missing(
            problem({.input = cube, .train_size = 4, .test_size = TestSizeWord::rest, .test_set = TestSet::shared}),
            {"shared"}) == "");
  CHECK(test::missing(problem({.input = Hypercube{.dim = 21}, .train_size = TrainSizeWord::whole}), {"dim = 20"}) ==
        "");
  CHECK(test::missing(problem({.input = cube, .target = Gegenbauer{}}), {"uniform direction"}) == "");
  CHECK(test::missing(problem({.input = Sphere{.dim = 1}, .target = Gegenbauer{}}), {"at least 2"}) == "");
  CHECK(test::missing(problem({.input = sphere, .target = Parity{}}), {"hypercube"}) == "");
  CHECK(test::missing(problem({.input = cube, .target = Parity{.indices = {0, 3}}}), {"coordinate 4"}) == "");
  CHECK(test::missing(problem({.input = cube, .target = Staircase{.order = 4}}), {"coordinate 4"}) == "");
  CHECK(test::missing(problem({.input = cube, .target = Staircase{.sets = {{0}, {3}}}}), {"coordinate 4"}) == "");
  CHECK(problem({.input = cube, .target = Staircase{.sets = {{2}, {0}}}}) == "");
  // As quickly for numbers beyond all memory.
  CHECK(test::missing(problem({.input = cube, .target = Parity{.order = 2147483647}}), {"coordinate 2147483647"}) ==
        "");
  CHECK(test::missing(problem({.input = cube, .target = Parity{.indices = {2147483647}}}), {"coordinate 2147483648"}) ==
        "");
  CHECK(test::missing(problem({.input = cube, .target = TeacherNetwork{.width = 4, .orthogonal = true}}),
                      {"4 orthogonal units"}) == "");
  CHECK(test::missing(problem({.input = file, .target = Linear{.spectrum = PowerLawSpectrum{}}}), {"covariance"}) ==
        "");
}

TEST_CASE("members say what is wrong with their own fields", "[spec]") {
  const auto text = [](const auto& member) { return member.problem().value_or(""); };
  CHECK(text(File{.classes = {0, 1}}) == "");
  CHECK(text(File{.classes = {0, 1, 5}, .one_vs_rest = 5}) == "");
  CHECK(test::missing(text(File{.classes = {1}}), {"one label"}) == "");
  CHECK(test::missing(text(File{.classes = {1, 1}}), {"twice"}) == "");
  CHECK(test::missing(text(File{.classes = {1, 2}, .one_vs_rest = 1}), {"leave one out"}) == "");
  CHECK(test::missing(text(File{.classes = {1, 2, 3}, .one_vs_rest = 4}), {"none of the `classes`"}) == "");
  CHECK(test::missing(text(Hermite{.coefficients = {0, 0}}), {"no target"}) == "");
  CHECK(test::missing(text(Hermite{.coefficients = {}}), {"no target"}) == "");
  CHECK(test::missing(text(Gegenbauer{.levels = {}}), {"no target"}) == "");
  CHECK(test::missing(text(Gegenbauer{.levels = {{-1, 1}}}), {"negative"}) == "");
  CHECK(test::missing(text(Gegenbauer{.levels = {{1, -1}}}), {"negative"}) == "");
  CHECK(test::missing(text(Parity{.set = {1, 1}}), {"`set`", "twice"}) == "");
  CHECK(test::missing(text(Parity{.indices = {0}, .set = {1}}), {"give one of them"}) == "");
  CHECK(test::missing(text(Parity{.order = 5, .set = {1}}), {"give one of them"}) == "");
  CHECK(test::missing(text(Staircase{.sets = {{0, 1}, {1, 0}}}), {"term 2", "earlier one"}) == "");
  CHECK(test::missing(text(Staircase{.sets = {{0}, {1, 1}}}), {"term 2", "twice"}) == "");
  CHECK(test::missing(text(Staircase{.sets = {{0}, {}}}), {"no coordinate"}) == "");
  CHECK(test::missing(text(Staircase{.order = 2, .sets = {{0}}}), {"give one of them"}) == "");
  CHECK(test::missing(text(Staircase{.coefficients = {1, 2}}), {"2 coefficients for 3 terms"}) == "");
  CHECK(test::missing(text(Staircase{.coefficients = {0, 0, 0}}), {"all coefficients are 0"}) == "");
  CHECK(test::missing(text(Parity{.indices = {2, 2}}), {"twice"}) == "");
}

TEST_CASE("identity of the data: fields at their default are left out", "[spec]") {
  const Spec spec{.input = Sphere{.dim = 8},
                  .target = Gegenbauer{.levels = {{1, 0.8}, {3, 0.2}}},
                  .train_size = TrainSizeWord::online};
  CHECK(canonical_text("data", spec) ==
        "data.input.kind=sphere@1\ndata.input.dim=8\ndata.target.kind=gegenbauer@1\ndata.target.levels={1:0.8,3:0.2,}\n"
        "data.train_size=online\n");
}
