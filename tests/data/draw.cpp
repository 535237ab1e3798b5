#include "fieldscan/data/draw.hpp"

#include <cstring>
#include <set>

#include "catch.hpp"
#include "near.hpp"
#include "statistics.hpp"

using namespace fieldscan;
using namespace fieldscan::data;

namespace {

const Spec base{.input = Sphere{.dim = 8},
                .target = Gegenbauer{.levels = {{1, 0.8}, {3, 0.2}}},
                .noise = 0.3,
                .train_size = 40,
                .test_size = 60,
                .validation_size = 20};

Spec with(auto change) {
  Spec spec = base;
  change(spec);
  return spec;
}

bool same_bits(const Matrix& a, const Matrix& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         (a.size() == 0 || std::memcmp(a.data(), b.data(), sizeof(double) * static_cast<std::size_t>(a.size())) == 0);
}
bool same_bits(const Sample& a, const Sample& b) {
  return same_bits(a.x, b.x) && same_bits(a.target, b.target) && same_bits(a.label, b.label) &&
         same_bits(a.modes, b.modes);
}

}  // namespace

TEST_CASE("a draw is the same to the last bit every time", "[draw]") {
  const Draw a = make_draw(base, 11, 3), b = make_draw(base, 11, 3);
  CHECK(same_bits(a.train, b.train));
  CHECK(same_bits(a.test, b.test));
  CHECK(same_bits(a.validation, b.validation));
  CHECK(a.mode_numbers == std::vector<double>{1, 3});
  CHECK(make_draw(base, 11, 4).train.x != a.train.x);
  CHECK(make_draw(base, 12, 3).train.x != a.train.x);
}

TEST_CASE("size P is the first P rows, with their labels", "[draw]") {
  const Draw large = make_draw(base, 1, 0);
  for (const int size : {1, 7, 33}) {
    const Draw small = make_draw(with([&](Spec& s) { s.train_size = size; }), 1, 0);
    CHECK(same_bits(small.train.x, large.train.x.topRows(size)));
    CHECK(same_bits(small.train.label, large.train.label.topRows(size)));
    CHECK(same_bits(small.train.modes, large.train.modes.topRows(size)));
    CHECK(same_bits(small.test, large.test));
    CHECK(same_bits(small.validation, large.validation));
  }
}

TEST_CASE("each part depends on its own fields only", "[draw]") {
  const Draw draw = make_draw(base, 1, 0);
  const Draw quiet = make_draw(with([](Spec& s) { s.noise = 0; }), 1, 0);
  CHECK(same_bits(quiet.train.x, draw.train.x));
  CHECK(near::equal(quiet.train.label, quiet.train.target));
  const Draw louder = make_draw(with([](Spec& s) { s.noise = 0.6; }), 1, 0);
  CHECK(near::largest_difference(louder.train.label - louder.train.target, 2 * (draw.train.label - draw.train.target)) <
        1e-14);
  const Draw other_target = make_draw(with([](Spec& s) { s.target = Linear{}; }), 1, 0);
  CHECK(same_bits(other_target.train.x, draw.train.x));
  const Draw sizes = make_draw(with([](Spec& s) { s.test_size = 10, s.validation_size = 3; }), 1, 0);
  CHECK(same_bits(sizes.train, draw.train));
  CHECK(same_bits(sizes.test.x, draw.test.x.topRows(10)));
  CHECK(same_bits(sizes.validation.label, draw.validation.label.topRows(3)));
}

TEST_CASE("parts and draws are independent of each other", "[draw]") {
  const Spec spec = with([](Spec& s) { s.train_size = 20000, s.test_size = 20000, s.validation_size = 20000; });
  const Draw a = make_draw(spec, 1, 0), b = make_draw(spec, 1, 1);
  const auto correlation = [](const Matrix& x, const Matrix& y) {
    return test::mean(x.col(0).cwiseProduct(y.col(0))).z(0);
  };
  CHECK(std::abs(correlation(a.train.x, b.train.x)) < 4);
  CHECK(std::abs(correlation(a.train.x, a.test.x)) < 4);
  CHECK(std::abs(correlation(a.train.x, a.validation.x)) < 4);
  CHECK(std::abs(correlation(a.test.x, a.validation.x)) < 4);
  CHECK(std::abs(correlation(a.test.x, b.test.x)) < 4);
  CHECK(std::abs(correlation(a.train.label - a.train.target, b.train.label - b.train.target)) < 4);
  CHECK(std::abs(correlation(a.train.label - a.train.target, a.validation.label - a.validation.target)) < 4);
  CHECK(std::abs(correlation(a.train.x, a.train.x)) > 4);
}

TEST_CASE("label noise has the variance asked for", "[draw]") {
  const Spec spec = with([](Spec& s) { s.train_size = 20000, s.validation_size = 20000; });
  const Draw draw = make_draw(spec, 9, 0);
  for (const Sample* sample : {&draw.train, &draw.validation}) {
    const Vector noise = sample->label - sample->target;
    CHECK(std::abs(test::mean(noise).z(0)) < 4);
    CHECK(std::abs(test::mean(noise.cwiseAbs2()).z(0.09)) < 4);
    CHECK(test::mean(noise.cwiseAbs2()).z(0.08) > 4);
    CHECK(test::mean(noise.cwiseAbs2()).z(0.1) < -4);
    CHECK(std::abs(test::mean(noise.cwiseProduct(sample->target)).z(0)) < 4);
  }
  CHECK(near::equal(draw.test.label, draw.test.target));
}

TEST_CASE("a shared test set is one for all draws", "[draw]") {
  const Spec shared = with([](Spec& s) { s.test_set = TestSet::shared; });
  const Draw a = make_draw(shared, 1, 0), b = make_draw(shared, 1, 5);
  CHECK(same_bits(a.test, b.test));
  CHECK(a.train.x != b.train.x);
  CHECK(make_draw(base, 1, 5).test.x != b.test.x);
  const Spec random = with([](Spec& s) { s.test_set = TestSet::shared, s.target = Random{}; });
  CHECK(same_bits(make_draw(random, 1, 2).test, make_draw(random, 1, 3).test));
}

TEST_CASE("shuffled labels have the distribution of labels and nothing of the inputs", "[draw]") {
  const Spec spec =
      with([](Spec& s) { s.labels = Labels::shuffled, s.noise = 0, s.target = Linear{}, s.train_size = 20000; });
  const Draw draw = make_draw(spec, 4, 0);
  CHECK(std::abs(test::mean(draw.train.label.cwiseAbs2()).z(1)) < 4);
  CHECK(std::abs(test::mean(draw.train.label.cwiseProduct(draw.train.target)).z(0)) < 4);
  CHECK(std::abs(test::mean(draw.train.target.cwiseAbs2()).z(0)) > 4);
  const Draw small = make_draw(with([&](Spec& s) { s = spec, s.train_size = 17; }), 4, 0);
  CHECK(same_bits(small.train.label, draw.train.label.topRows(17)));
  CHECK(same_bits(make_draw(with([&](Spec& s) { s = spec, s.labels = Labels::given; }), 4, 0).train.x, draw.train.x));
}

TEST_CASE("a hypercube as a finite set", "[draw]") {
  const auto codes = [](const Matrix& x) {
    std::set<int> set;
    for (Index k = 0; k < x.rows(); ++k) {
      int code = 0;
      for (Index i = 0; i < x.cols(); ++i) code |= (x(k, i) > 0) << i;
      set.insert(code);
    }
    return set;
  };
  Spec spec{.input = Hypercube{.dim = 7},
            .target = Parity{},
            .train_size = 50,
            .test_size = TestSizeWord::rest,
            .validation_size = 8};
  const Draw draw = make_draw(spec, 1, 0);
  CHECK(test_points(spec) == 128 - 50 - 8);
  CHECK(draw.test.x.rows() == test_points(spec));
  CHECK(expected_overlap(spec) == 50.0 / 128);
  CHECK(expected_overlap(base) == 0);
  std::set<int> all = codes(draw.train.x);
  CHECK(all.size() == 50);
  all.merge(codes(draw.test.x));
  all.merge(codes(draw.validation.x));
  CHECK(all.size() == 128);
  spec.train_size = 20;
  CHECK(same_bits(make_draw(spec, 1, 0).train.x, draw.train.x.topRows(20)));
  CHECK(make_draw(spec, 1, 1).train.x != make_draw(spec, 1, 0).train.x);

  const Spec whole{
      .input = Hypercube{.dim = 7}, .target = Parity{}, .train_size = TrainSizeWord::whole, .test_size = 30};
  CHECK(train_points(whole) == 128);
  CHECK(codes(make_draw(whole, 1, 0).train.x).size() == 128);
  CHECK(same_bits(make_draw(whole, 1, 0).train.x.topRows(50), draw.train.x));
  CHECK(make_draw(whole, 1, 0).test.x.rows() == 30);
}

TEST_CASE("every target can be drawn on every input that it says it can", "[draw]") {
  const std::vector<InputChoice> inputs{Sphere{.dim = 5}, Gaussian{.dim = 5},
                                        Gaussian{.dim = 5, .spectrum = PowerLawSpectrum{}}, Hypercube{.dim = 5},
                                        ModularPairs{.modulus = 5}};
  int drawn = 0;
  for_each_kind<TargetChoice>([&]<class T>() {
    for (const InputChoice& input : inputs) {
      const Spec spec{.input = input, .target = T{}, .train_size = 10, .test_size = 10};
      if (spec.problem()) continue;
      INFO(T::kind << " on " << kind_of(input));
      const Draw draw = make_draw(spec, 1, 0);
      CHECK(draw.train.x.allFinite());
      CHECK(draw.train.label.allFinite());
      CHECK(draw.train.label.cols() == output_count(spec));
      CHECK(draw.train.modes.cols() == static_cast<Index>(draw.mode_numbers.size()));
      ++drawn;
    }
  });
  CHECK(drawn == 5 + 5 + 2 + 5 + 2 + 2 + 0 + 5 + 1);
}

TEST_CASE("an exact test set gives the mean of every square of a linear function", "[draw]") {
  for (const InputChoice& input : {InputChoice{Sphere{.dim = 5}}, InputChoice{Hypercube{.dim = 5}},
                                   InputChoice{Gaussian{.dim = 5, .spectrum = PowerLawSpectrum{1.5}}}}) {
    const Spec spec{.input = input, .target = Linear{.norm = 1.3}, .train_size = 7, .test_size = TestSizeWord::exact};
    const Draw draw = make_draw(spec, 11, 2);
    REQUIRE(draw.test.x.rows() == 5);
    CHECK(test_points(spec) == 5);
    CHECK(draw.test.target.squaredNorm() / 5 == Approx(1.3 * 1.3).epsilon(1e-12));
    Vector variance = Vector::Ones(5);
    if (const auto* gaussian = std::get_if<Gaussian>(&input)) variance = gaussian->variances();
    CHECK(near::distance(draw.test.x.transpose() * draw.test.x / 5, Matrix(variance.asDiagonal())) < 1e-12);
    CHECK(near::equal(make_draw(spec, 11, 3).test.x, draw.test.x));
  }
}
