#include "catch.hpp"
#include "fieldscan/data/domain.hpp"
#include "fieldscan/data/draw.hpp"
#include "near.hpp"
#include "statistics.hpp"

using namespace fieldscan;
using namespace fieldscan::data;

namespace {

const Spec spec{.input = Gaussian{.dim = 6},
                .target = TeacherNetwork{.width = 2},
                .noise = 0.2,
                .train_size = TrainSizeWord::online};

}  // namespace

TEST_CASE("online examples do not depend on how they are grouped", "[online]") {
  OnlineSource one(spec, 1, 2, 3), many(spec, 1, 2, 3);
  const Sample all = many.next(150);
  for (const Index start : {0, 1, 50, 117}) {
    OnlineSource source(spec, 1, 2, 3);
    source.next(start);
    const Sample some = source.next(33);
    CHECK(near::equal(some.x, all.x.middleRows(start, 33)));
    CHECK(near::equal(some.label, all.label.middleRows(start, 33)));
    CHECK(some.target == all.target.middleRows(start, 33));
    OnlineSource gone_on(spec, 1, 2, 3);
    gone_on.go_to(static_cast<std::uint64_t>(start));
    CHECK(near::equal(gone_on.next(33).x, some.x));
  }
  CHECK(OnlineSource(spec, 1, 2, 4).next(5).x != all.x.topRows(5));
  CHECK(OnlineSource(spec, 1, 3, 3).next(5).x != all.x.topRows(5));
  CHECK(OnlineSource(spec, 2, 2, 3).next(5).x != all.x.topRows(5));
}

TEST_CASE("online examples follow the distribution and the target of the draw", "[online]") {
  const Sample sample = OnlineSource(spec, 1, 0, 0).next(20000);
  CHECK(std::abs(test::mean(sample.x.col(3).cwiseAbs2()).z(1)) < 4);
  CHECK(std::abs(test::mean(sample.target.cwiseAbs2()).z(1)) < 4);
  CHECK(std::abs(test::mean((sample.label - sample.target).cwiseAbs2()).z(0.04)) < 4);
  CHECK(std::abs(test::mean((sample.label - sample.target).cwiseAbs2()).z(0.05)) > 4);
  // the same teacher as in the test set of the draw
  Spec fixed = spec;
  fixed.train_size = 1;
  const Domain domain{.input = spec.input, .dimension = 6, .pool = nullptr};
  const TargetFunction teacher = make_function(spec.target, domain, {.seed = 1, .draw = 0});
  CHECK(near::largest_difference(evaluate(teacher, {.x = sample.x}).total, sample.target) < 1e-13);
  const Draw draw = make_draw(fixed, 1, 0);
  CHECK(near::distance(evaluate(teacher, {.x = draw.test.x}).total, draw.test.target) < 1e-12);
}

TEST_CASE("an online draw has a test set and no training set", "[online]") {
  const Draw draw = make_draw(spec, 1, 0);
  CHECK(train_points(spec) == 0);
  CHECK(draw.train.x.rows() == 0);
  CHECK(draw.train.x.cols() == 6);
  CHECK(draw.test.x.rows() == 1000);
}
