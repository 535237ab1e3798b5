#include "../../src/analysis/export/targets.hpp"

#include "catch.hpp"
#include "fieldscan/data/draw.hpp"
#include "synthetic.hpp"

namespace fieldscan::analysis {
namespace export_targets {
namespace {

namespace syn = fieldscan::analysis::synthetic;

/// One point with a predictor of a theory on two draws.
Table one_point(const training::TrainerChoice& training) {
  Table table;
  table.points.push_back(syn::make_point(64));
  TablePoint& point = table.points[0];
  point.point.spec.training = training;
  point.point.spec.seed = 5;
  point.point.spec.data.input = data::Sphere{.dim = 4};
  point.point.spec.data.test_size = 7;
  for (Member& member : syn::add_theory(point, "nngp", 2).members)
    member.arrays.push_back({.observable = Observable::predictor, .shape = {7}, .data = std::vector<double>(7, 0.0)});
  return table;
}

}  // namespace
TEST_CASE("where nothing is trained the targets stand beside the predictors of theories") {
  const Table table = with_targets(one_point(training::None{}));
  const Series& measured = table.points[0].measured;
  REQUIRE(measured.members.size() == 2);
  for (const Member& member : measured.members) {
    const data::Draw draw = data::make_draw(table.points[0].point.spec.data, 5, member.draw);
    REQUIRE(member.arrays.size() == 1);
    CHECK(member.arrays[0].observable == Observable::target);
    REQUIRE(member.arrays[0].shape == std::vector<std::int64_t>{7});
    for (Index i = 0; i < 7; ++i) CHECK(member.arrays[0].data[static_cast<std::size_t>(i)] == draw.test.target(i, 0));
  }
  CHECK_FALSE(measured.members[0].arrays[0].data == measured.members[1].arrays[0].data);
}

TEST_CASE("networks store their targets themselves") {
  CHECK(with_targets(one_point(training::Hmc{})).points[0].measured.members.empty());
}

}  // namespace export_targets
}  // namespace fieldscan::analysis
