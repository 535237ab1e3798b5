#include "fieldscan/analysis/verdict/validity.hpp"

#include "catch.hpp"

using namespace fieldscan::analysis;

namespace {

TestResult result_of(const std::vector<std::tuple<const char*, const char*, Verdict>>& cells) {
  TestResult result;
  for (const auto& [width, size, verdict] : cells)
    result.parts.push_back({.label = "",
                            .statement = "",
                            .verdict = verdict,
                            .key = {{"network.width", width}, {"data.train_size", size}}});
  return result;
}

constexpr auto yes = Verdict::supported, no = Verdict::contradicted, open = Verdict::undecided;

}  // namespace

TEST_CASE("the domain of a theory in words") {
  CHECK(validity_domain(result_of({{"64", "8", no}, {"128", "8", open}, {"256", "8", yes}, {"1024", "8", yes}})) ==
        "holds for width ≥ 256, fails for width ≤ 64, open for width = 128");
  CHECK(validity_domain(result_of({{"64", "8", yes}, {"128", "8", yes}})) == "holds for all width");
  CHECK(validity_domain(result_of({{"64", "8", yes}, {"128", "8", no}, {"256", "8", yes}})) ==
        "holds for width = 64, 256, fails for width = 128");
  CHECK(validity_domain(result_of({{"64", "8", yes}})).empty());
  // Of two statements at one point the worse one counts.
  CHECK(validity_domain(result_of({{"64", "8", yes}, {"64", "8", no}, {"128", "8", yes}})) ==
        "holds for width ≥ 128, fails for width ≤ 64");
  TestResult words;
  for (const char* kind : {"erf", "relu"})
    words.parts.push_back({.label = "", .statement = "", .verdict = yes, .key = {{"network.activation", kind}}});
  CHECK(validity_domain(words).empty());
  TestResult alike;  // two axes whose last words are one
  for (const char* scale : {"1", "2"})
    alike.parts.push_back({.label = "",
                           .statement = "",
                           .verdict = yes,
                           .key = {{"data.target.scale", scale}, {"data.input.scale", "3"}}});
  alike.parts.push_back(
      {.label = "", .statement = "", .verdict = no, .key = {{"data.target.scale", "1"}, {"data.input.scale", "4"}}});
  CHECK(validity_domain(alike).starts_with(
      "at data.target.scale = 1 holds for data.input.scale ≤ 3, fails for data.input.scale ≥ 4"));
}

TEST_CASE("the domain of a theory as a map over two axes") {
  const ValidityMap map = validity_map(result_of({{"1024", "8", yes}, {"64", "8", no}, {"64", "16", open}}),
                                       "network.width", "data.train_size");
  CHECK(map.x == std::vector<std::string>{"64", "1024"});
  CHECK(map.y == std::vector<std::string>{"8", "16"});
  CHECK(map.cells[0][0] == no);
  CHECK(map.cells[0][1] == yes);
  CHECK(map.cells[1][0] == open);
  CHECK_FALSE(map.cells[1][1]);
}
