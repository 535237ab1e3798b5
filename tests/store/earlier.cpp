#include "fieldscan/store/earlier.hpp"

#include "catch.hpp"
#include "directory.hpp"
#include "results.hpp"

using namespace fieldscan;
using namespace fieldscan::store;

namespace {

scan::Scan scan_of(const std::string& widths, const std::string& theories) {
  const auto read = scan::read_scan(
      "fieldscan: 1\nname: earlier\ndata: {input: {kind: sphere, dim: 4}, target: linear, train_size: 4}\n"
      "training: {kind: hmc, samples: 10}\nridge: 0.1\nensemble: {data_draws: 2, chains: 2}\nobserve: [error_test]\n"
      "theory: " +
          theories + "\nscan: {grid: {network.width: " + widths + "}}\n",
      "scan.yaml");
  REQUIRE(read.scan);
  return *read.scan;
}

/// Everything that a scan asks for: two results of each point, two of each of its predictions.
void put_all(Store& store, const scan::Scan& scan) {
  scan.for_each_point([&](const scan::Point& point) {
    for (int draw = 0; draw < 2; ++draw) {
      store.put(OwnerKind::point, point.id, "text", make_result(draw, 0, 1), "", {});
      for (const auto& use : point.theories)
        store.put(OwnerKind::prediction, scan::prediction_id(use, point), "text", make_result(draw, 0, 1), "", {});
    }
    return true;
  });
  store.commit();
}

}  // namespace

TEST_CASE("results of an earlier text in the same directory are counted and told", "[store]") {
  const TemporaryDirectory directory;
  Store store = Store::open(directory.path, Mode::write);
  const scan::Scan first = scan_of("[8, 16, 32]", "[nngp]"), second = scan_of("[16, 64]", "[]");
  put_all(store, first);
  CHECK(count_earlier(first, store) == 0);
  CHECK(earlier_sentence(0).empty());
  // Two of three widths are gone, and the prediction, which all widths share.
  CHECK(count_earlier(second, store) == 2 * 2 + 2);
  put_all(store, second);
  CHECK(count_earlier(second, store) == 6);
  CHECK(count_earlier(first, store) == 2);
  CHECK(earlier_sentence(40).starts_with("40 results of an earlier text are kept, not shown"));
  CHECK(earlier_sentence(1).starts_with("1 result of an earlier text is kept, not shown"));
  first.for_each_point([&](const scan::Point& point) {
    store.invalidate(point.id, "a test");
    return true;
  });
  store.commit();
  CHECK(count_earlier(second, store) == 2);
}
