#include "fieldscan/theory/regression/kept_kernels.hpp"

#include <algorithm>

#include "catch.hpp"
#include "fieldscan/theory/predict_kept.hpp"
#include "near.hpp"
#include "theory/examples.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

TEST_CASE("a kept kernel is made once, and again where another one was wanted in its place") {
  KeptKernels kept;
  int made = 0;
  const auto make = [&] { return Matrix(Matrix::Constant(2, 2, ++made)); };
  Matrix own = own_kernel(&kept, "kernel", "first", make);
  own(0, 0) = 7;  // used up
  CHECK(near::equal(*shared_kernel(&kept, "kernel", "first", make), Matrix::Constant(2, 2, 1)));
  CHECK(near::equal(own_kernel(&kept, "cross", "first", make), Matrix::Constant(2, 2, 2)));
  CHECK(near::equal(own_kernel(&kept, "kernel", "second", make), Matrix::Constant(2, 2, 3)));
  CHECK(near::equal(own_kernel(&kept, "kernel", "first", make), Matrix::Constant(2, 2, 4)));
  kept.clear();
  CHECK(near::equal(own_kernel(&kept, "kernel", "first", make), Matrix::Constant(2, 2, 5)));
  CHECK(near::equal(own_kernel(nullptr, "kernel", "first", make), Matrix::Constant(2, 2, 6)));
}

TEST_CASE("predictions at several ridges are the same with kernels that are kept") {
  const ConvolutionalGp convolutional{.architecture = {.filter = 3}};
  for (const auto& [theory, setting] :
       {std::pair{AnyTheory(Nngp{}), laws::sampler()}, std::pair{AnyTheory(NtkRegression{}), laws::descent()},
        std::pair{AnyTheory(convolutional), laws::sampler()}}) {
    CAPTURE(kind_of(theory));
    REQUIRE(applicability(theory, setting).applies);
    CHECK(kept_bytes(theory, setting) > 8 * 20 * 20);
    const data::Draw draw = data::make_draw(setting.data, setting.seed, 0);
    KeptKernels kept;
    for (const double ridge : {0.1, 1.0, 0.1}) {
      Setting s = setting;
      s.ridge = ridge;
      const Result alone = predict(theory, s, Number{}), with = predict(theory, s, Number{}, draw, &kept);
      REQUIRE(alone.outcome == Outcome::done);
      CHECK(alone.rows == with.rows);
      CHECK(alone.arrays == with.arrays);
    }
  }
  CHECK(kept_bytes(AnyTheory(NtkFlow{}), laws::descent()) == 0);
  CHECK(kept_bytes(AnyTheory(Nngp{}), laws::with(laws::sampler(), [](Setting& s) { s.data.train_size = 20000; })) == 0);
}

TEST_CASE("without estimates the other rows keep their bits, and the theory says what it gives") {
  for (const auto& [all, none, setting] :
       {std::tuple{AnyTheory(Nngp{}), AnyTheory(Nngp{.estimates = Estimates::none}), laws::sampler()},
        std::tuple{AnyTheory(NtkRegression{}), AnyTheory(NtkRegression{.estimates = Estimates::none}),
                   laws::descent()}}) {
    CAPTURE(kind_of(all));
    const Result whole = predict(all, setting, Number{}), less = predict(none, setting, Number{});
    std::vector<Row> kept = whole.rows;
    const auto left_out = std::erase_if(kept, [](const Row& row) { return is_estimate(row.observable); });
    CHECK(left_out >= 3);
    CHECK(less.rows == kept);
    CHECK(less.arrays == whole.arrays);
    const auto listed = observables_of(none);
    CHECK(std::ranges::none_of(listed, is_estimate));
    CHECK(listed.size() + 3 <= observables_of(all).size());
    CHECK(prediction_text(all, setting) != prediction_text(none, setting));
    CHECK(cost_of(none, setting).seconds < cost_of(all, setting).seconds);
  }
}
