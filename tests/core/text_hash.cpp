#include <xxhash.h>

#include "catch.hpp"
#include "fieldscan/core/hash.hpp"
#include "fieldscan/core/observable.hpp"
#include "fieldscan/core/text.hpp"

using namespace fieldscan;

TEST_CASE("edits count insertions, deletions, substitutions and swapped neighbours") {
  CHECK(edit_distance("width", "width") == 0);
  CHECK(edit_distance("widht", "width") == 1);
  CHECK(edit_distance("wdth", "width") == 1);
  CHECK(edit_distance("widths", "width") == 1);
  CHECK(edit_distance("Train-Size", "train_size") == 0);
  CHECK(edit_distance("abc", "xyz") == 3);
  CHECK(edit_distance("", "abc") == 3);
}

TEST_CASE("the nearest words come best first and not from afar") {
  const std::vector<std::string_view> words{"width", "depth", "chi", "widths"};
  CHECK(nearest("widht", words).front() == "width");
  CHECK(nearest("temperature", words).empty());
  CHECK(join_or(words) == "width, depth, chi or widths");
}

TEST_CASE("ids are XXH3 and survive their text form") {
  const Id id = hash128("fieldscan");
  const XXH128_hash_t expected = XXH3_128bits("fieldscan", 9);
  CHECK(id.high == expected.high64);
  CHECK(id.low == expected.low64);
  CHECK(Id::from_hex(id.hex()) == id);
  CHECK_FALSE(Id::from_hex("12"));
  CHECK_FALSE(Id::from_hex(std::string(31, '0') + "g"));
}

TEST_CASE("observables are found by their names, each name once") {
  for (std::size_t i = 0; i < all_observables().size(); ++i) {
    const auto& entry = all_observables()[i];
    REQUIRE_FALSE(entry.name.empty());
    REQUIRE_FALSE(entry.sentence.empty());
    REQUIRE(find_observable(entry.name) == static_cast<Observable>(i));
  }
  CHECK(info(Observable::kappa_eff).name == "kappa_eff");
  CHECK(info(Observable::discrepancy).name == "discrepancy");
  CHECK_FALSE(find_observable("eror_test"));
}
