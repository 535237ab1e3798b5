#include "catch.hpp"
#include "fieldscan/core/canonical.hpp"
#include "fieldscan/data/components.hpp"
#include "fieldscan/data/domain.hpp"
#include "fieldscan/data/draw.hpp"
#include "near.hpp"
#include "statistics.hpp"

using namespace fieldscan;
using namespace fieldscan::data;

namespace {

// A target at `points` fresh test points.
Sample sample_of(const InputChoice& input, const TargetChoice& target, int points = 20000, std::uint64_t seed = 5,
                 std::int64_t draw = 0) {
  const Spec spec{.input = input, .target = target, .train_size = 1, .test_size = points};
  REQUIRE(spec.problem().value_or("").empty());
  return make_draw(spec, seed, draw).test;
}

const std::vector<std::pair<InputChoice, TargetChoice>> unit_targets = {
    {Sphere{.dim = 6}, Linear{}},
    {Gaussian{.dim = 6, .spectrum = PowerLawSpectrum{.exponent = 1}}, Linear{}},
    {Gaussian{.dim = 6, .spectrum = PowerLawSpectrum{.exponent = 1}},
     Linear{.spectrum = PowerLawSpectrum{.exponent = 2}}},
    {Sphere{.dim = 6}, Hermite{.coefficients = {0, 1, 0, 2}, .normalise = true}},
    {Gaussian{.dim = 6}, Hermite{.coefficients = {0.3, 1, -0.5}, .normalise = true}},
    {Gaussian{.dim = 6, .spectrum = PowerLawSpectrum{.exponent = 2}}, Hermite{.coefficients = {0, 0.6, 0.8}}},
    {Hypercube{.dim = 6}, Hermite{.coefficients = {0, 1, 0, 2}, .normalise = true}},
    {Sphere{.dim = 6}, Gegenbauer{.levels = {{1, 0.5}, {2, 0.3}, {4, 0.2}}}},
    {Gaussian{.dim = 6}, Gegenbauer{.levels = {{0, 0.25}, {3, 0.75}}}},
    {Sphere{.dim = 2}, Gegenbauer{.levels = {{5, 1}}}},
    {Gaussian{.dim = 6}, TeacherNetwork{.width = 3}},
    {Gaussian{.dim = 6, .spectrum = PowerLawSpectrum{.exponent = 1}},
     TeacherNetwork{.width = 3, .activation = network::Relu{}}},
    {Sphere{.dim = 6}, TeacherNetwork{.width = 3, .depth = 2, .activation = network::Tanh{}}},
    {Gaussian{.dim = 6}, TeacherNetwork{.width = 4, .readout = Readout::ones, .orthogonal = true}},
    {Hypercube{.dim = 6}, Parity{.order = 3}},
    {Gaussian{.dim = 6}, Parity{.indices = {5, 0}}},
    {Hypercube{.dim = 6}, Staircase{.order = 4}},
    {Gaussian{.dim = 6}, Staircase{.sets = {{5}, {0, 3}, {2}}, .coefficients = {1, 0.5, -0.25}}},
    {Hypercube{.dim = 6}, Staircase{.sets = {{0}, {1, 2}}, .coefficients = {1e200, -1e200}}},
    {Gaussian{.dim = 6}, Random{.values = RandomValues::normal}},
};

}  // namespace

TEST_CASE("targets have mean square one", "[targets]") {
  for (const auto& [input, target] : unit_targets) {
    INFO(kind_of(target) << " on " << kind_of(input));
    const test::Mean square = test::mean(sample_of(input, target).target.cwiseAbs2());
    // The reference sample of 16384 normalises some of them: its error counts too, hence √(1 + 20000/16384) < 1.5 and
    // no more.
    const bool exact_sign = square.error < 1e-12;
    CHECK((exact_sign ? std::abs(square.value - 1) < 1e-12 : std::abs(square.z(1)) < 4 * 1.5));
    CHECK((exact_sign || std::abs(square.z(1.3)) > 4));
  }
}

TEST_CASE("frequencies are components of a modular sum over pairs and outputs together", "[targets]") {
  for (const auto& [modulus, centred] : {std::pair{7, true}, {7, false}, {6, true}, {2, true}}) {
    CAPTURE(modulus, centred);
    Spec spec{.input = ModularPairs{.modulus = modulus},
              .target = ModularSum{.centred = centred, .basis = SumBasis::fourier},
              .train_size = TrainSizeWord::whole,
              .test_size = modulus * modulus};
    REQUIRE_FALSE(spec.problem());
    const Draw draw = make_draw(spec, 5, 0);
    const Matrix& modes = draw.train.modes;
    const auto count = static_cast<Index>(modulus / 2 + (centred ? 0 : 1));
    CHECK(draw.mode_numbers.front() == (centred ? 1 : 0));
    CHECK((modes.cols() == count && modes.rows() == modulus * modulus * modulus));
    CHECK(near::distance(modes.rowwise().sum(), flat(draw.train.target)) <= 1e-12);
    // Orthogonal over all pairs, with the power (2/p)² p³/2 each.
    const Matrix gram = modes.transpose() * modes;
    for (Index i = 0; i < count; ++i)
      for (Index j = 0; j < count; ++j) {
        const double frequency = draw.mode_numbers[static_cast<std::size_t>(i)];
        const bool single = frequency == 0 || 2 * frequency == modulus;
        CHECK(gram(i, j) == Approx(i == j ? (single ? 1.0 : 2.0) * modulus : 0.0).margin(1e-10));
      }
    // What a function has of each: of a sum of components by hand their own factors, of the target 1.
    Vector f = Vector::Zero(draw.test.modes.rows());
    for (Index k = 0; k < count; ++k) f += (0.3 + static_cast<double>(k)) * draw.test.modes.col(k);
    const auto shares = component_shares(draw, f);
    REQUIRE(shares.size() == static_cast<std::size_t>(count));
    for (std::size_t k = 0; k < shares.size(); ++k)
      CHECK(shares[k].share == Approx(0.3 + static_cast<double>(k)).epsilon(1e-10));
    spec.target = ModularSum{.centred = centred};
    CHECK(make_draw(spec, 5, 0).train.modes.cols() == 0);
  }
}

TEST_CASE("components add up to the target, and have numbers", "[targets]") {
  for (const auto& [input, target] : unit_targets) {
    INFO(kind_of(target) << " on " << kind_of(input));
    const Sample sample = sample_of(input, target, 200);
    CHECK(sample.modes.rows() == 200);
    CHECK(sample.modes.cols() == static_cast<Index>(mode_numbers(target).size()));
    if (sample.modes.cols() > 0) CHECK(near::largest_difference(sample.modes.rowwise().sum(), sample.target) < 1e-13);
  }
  CHECK(mode_numbers(Hermite{.coefficients = {0, 1, 0, 2}}) == std::vector<double>{1, 3});
  CHECK(mode_numbers(Gegenbauer{.levels = {{1, 1}, {2, 0}, {4, 1}}}) == std::vector<double>{1, 4});
  CHECK(mode_numbers(Staircase{.order = 3}) == std::vector<double>{1, 2, 3});
  CHECK(mode_numbers(Parity{.indices = {3, 1, 4, 2}}) == std::vector<double>{4});
  CHECK(mode_numbers(Parity{.set = {3, 1, 4}}) == std::vector<double>{3});
  CHECK(mode_numbers(Staircase{.sets = {{0}, {4}, {0, 4}}, .coefficients = {1, 0, 2}}) == std::vector<double>{1, 3});
}

TEST_CASE("the value at an example depends on this example alone", "[targets]") {
  for (const auto& [input, target] : unit_targets) {
    INFO(kind_of(target) << " on " << kind_of(input));
    const Sample all = sample_of(input, target, 200), few = sample_of(input, target, 77);
    CHECK(few.target == all.target.topRows(77));
    CHECK(few.modes == all.modes.topRows(77));
  }
}

TEST_CASE("one function per seed, or one per draw", "[targets]") {
  const auto weight = [](const Linear& target, std::uint64_t seed, std::int64_t draw) {
    const Domain domain{.input = Sphere{.dim = 9}, .dimension = 9, .pool = nullptr};
    return target.function(domain, {.seed = seed, .draw = draw}).weight;
  };
  CHECK(weight({}, 1, 0) == weight({}, 1, 5));
  CHECK(weight({}, 1, 0) != weight({}, 2, 0));
  CHECK(weight({.draw = Redraw::each}, 1, 0) != weight({.draw = Redraw::each}, 1, 5));
  CHECK(near::distance(weight({.norm = 3}, 1, 0), 3 * weight({}, 1, 0)) <
        1e-14);  // other fields reshape the same function
}

TEST_CASE("linear: power per mode of the covariance", "[targets]") {
  const int d = 5;
  const Domain domain{
      .input = Gaussian{.dim = d, .spectrum = PowerLawSpectrum{.exponent = 2}}, .dimension = d, .pool = nullptr};
  const Linear target{.norm = 2, .spectrum = PowerLawSpectrum{.exponent = 1.5}};
  const Vector power = target.function(domain, {.seed = 1})
                           .weight.cwiseAbs2()
                           .cwiseProduct(std::get<Gaussian>(domain.input).variances());
  CHECK(power.sum() == Approx(4).epsilon(1e-13));
  for (int i = 0; i < d; ++i) CHECK(power(i) / power(0) == Approx(std::pow(i + 1.0, -1.5)).epsilon(1e-13));
}

TEST_CASE("hermite: the argument has variance one along a random direction", "[targets]") {
  const InputChoice input = Gaussian{.dim = 4, .spectrum = PowerLawSpectrum{.exponent = 2}};
  const Sample sample = sample_of(input, Hermite{.coefficients = {0, 1}});
  CHECK(std::abs(test::mean(sample.target.cwiseAbs2()).z(1)) < 4);
  // he_1 and he_2 are orthogonal for normal inputs
  const Sample two = sample_of(input, Hermite{.coefficients = {0, 1, 1}});
  CHECK(std::abs(test::mean(two.modes.col(0).cwiseProduct(two.modes.col(1))).z(0)) < 4);
}

TEST_CASE("gegenbauer: power per level and orthogonality of levels on the sphere", "[targets]") {
  const std::map<int, double> levels{{1, 0.8}, {3, 0.2}, {4, 1.5}};
  const Sample sample = sample_of(Sphere{.dim = 8}, Gegenbauer{.levels = levels}, 40000);
  Index column = 0;
  for (const auto& [level, power] : levels) {
    const test::Mean square = test::mean(sample.modes.col(column++).cwiseAbs2());
    INFO("level " << level);
    CHECK(std::abs(square.z(power)) < 4);
    CHECK(std::abs(square.z(1.2 * power)) > 3);
  }
  for (Index i = 0; i < 3; ++i)
    for (Index j = 0; j < i; ++j)
      CHECK(std::abs(test::mean(sample.modes.col(i).cwiseProduct(sample.modes.col(j))).z(0)) < 4);
}

TEST_CASE("teacher network: committee, orthogonal rows, corners", "[targets]") {
  const int d = 12;
  const Domain domain{.input = Gaussian{.dim = d}, .dimension = d, .pool = nullptr};
  const TeacherNetwork committee{.width = 3,
                                 .activation = network::Erf{.scale = std::sqrt(0.5)},
                                 .readout = Readout::ones,
                                 .normalise = false,
                                 .orthogonal = true};
  const auto f = committee.function(domain, {.seed = 3});
  const Matrix w = Eigen::Map<const Matrix>(f.theta.data(), 3, d);
  CHECK(near::largest_difference(w * w.transpose(), d * Matrix::Identity(3, 3)) < 1e-12);
  // g = Σ_i erf(w_i·x/√(2d)), by hand
  const Matrix x = Gaussian{.dim = d}.draw(Stream(1, Purpose::test, "", 0, 0), 0, 70);
  const Vector g = f({.x = x}).total;
  for (Index k = 0; k < x.rows(); ++k) {
    double sum = 0;
    for (Index i = 0; i < 3; ++i) sum += std::erf(w.row(i).dot(x.row(k)) / std::sqrt(2.0 * d));
    CHECK(g(k) == Approx(sum).margin(1e-13));
  }
  const auto wider = TeacherNetwork{.width = 5, .orthogonal = true}.function(domain, {.seed = 3});
  CHECK(near::largest_difference(Eigen::Map<const Matrix>(wider.theta.data(), 5, d).topRows(3), w) < 1e-14);
}

TEST_CASE("a teacher of several outputs: its first output is that of one, its mean square their number", "[targets]") {
  const int d = 6;
  const auto of = [&](const InputChoice& input, int outputs, bool normalise) {
    const Domain domain{.input = input, .dimension = d, .pool = nullptr};
    return TeacherNetwork{.width = 4, .normalise = normalise, .outputs = outputs}.function(domain, {.seed = 3});
  };
  const Matrix x = Gaussian{.dim = d}.draw(Stream(1, Purpose::test, "", 0, 0), 0, 40000);
  const Matrix one = of(Gaussian{.dim = d}, 1, false)({.x = x.topRows(70)}).total,
               three = of(Gaussian{.dim = d}, 3, false)({.x = x.topRows(70)}).total;
  CHECK(three.cols() == 3);
  CHECK(near::largest_difference(three.leftCols(1), one) < 1e-14);
  CHECK(near::largest_difference(three.col(1), one) > 0.1);
  for (const InputChoice& input : {InputChoice(Gaussian{.dim = d}), InputChoice(Sphere{.dim = d})}) {
    const auto* normal = std::get_if<Gaussian>(&input);
    const Matrix at = normal ? x : Sphere{.dim = d}.draw(Stream(1, Purpose::test, "", 0, 0), 0, 40000);
    const test::Mean square = test::mean(of(input, 3, true)({.x = at}).total.rowwise().squaredNorm());
    CHECK(std::abs(square.z(3)) < 4);
    CHECK(std::abs(square.z(3.2)) > 4);
  }
  const Spec spec{.input = Sphere{.dim = d}, .target = TeacherNetwork{.outputs = 3}, .noise = 0.5};
  CHECK(output_count(spec) == 3);
  const Draw draw = make_draw(spec, 1, 0);
  CHECK(draw.units.weight.size() == 0);
  CHECK(std::abs(test::mean((draw.train.label - draw.train.target).reshaped().cwiseAbs2()).z(0.25)) < 4);
  CHECK(Spec{.input = Sphere{.dim = d}, .target = TeacherNetwork{.readout = Readout::ones, .outputs = 2}}
            .problem()
            .value_or("")
            .find("one and the same") != std::string::npos);
}

TEST_CASE("several targets stand side by side: the first as if alone, equal ones are independent", "[targets]") {
  const auto target = [](const TargetChoice& choice) {
    const Spec spec{.input = Sphere{.dim = 6}, .target = choice, .test_size = 4000};
    CHECK(spec.problem().value_or("") == "");
    CHECK(make_draw(spec, 5, 0).test.target.cols() == output_count(spec));
    return make_draw(spec, 5, 0).test.target;
  };
  const Hermite cubic{.coefficients = {0, 0, 0, 1}};
  const Matrix all = target(Several{.of = {Linear{}, cubic, Linear{}, TeacherNetwork{.outputs = 2}}});
  CHECK(all.cols() == 5);
  CHECK(near::equal(all.col(0), target(Linear{})));
  CHECK(near::equal(target(Several{.of = {cubic}}), target(cubic)));
  CHECK(std::abs(all.col(0).dot(all.col(2))) < 0.99 * all.col(0).norm() * all.col(2).norm());
  CHECK(canonical_text("t", TargetChoice{Several{.of = {Linear{.norm = 2}, Random{}}}}) ==
        "t.kind=several@1\nt.of.0.kind=linear@1\nt.of.0.norm=2\nt.of.0.spectrum.kind=identity@1\n"
        "t.of.1.kind=random@1\n");
  const auto problem = [](const Several& several) {
    return Spec{.input = Sphere{.dim = 6}, .target = several}.problem().value_or("");
  };
  CHECK(problem({}).find("lists no targets") != std::string::npos);
  CHECK(problem({.of = {Linear{}, Parity{}}}).find("hypercube") != std::string::npos);
}

TEST_CASE("parity and staircase are products of coordinates", "[targets]") {
  const Spec parity{.input = Hypercube{.dim = 6}, .target = Parity{.indices = {4, 1, 2}}, .test_size = 50};
  const Sample sample = make_draw(parity, 1, 0).test;
  CHECK(sample.target == Vector(sample.x.col(4).cwiseProduct(sample.x.col(1)).cwiseProduct(sample.x.col(2))));
  const Spec stairs{.input = Hypercube{.dim = 6}, .target = Staircase{.order = 3, .normalise = false}, .test_size = 50};
  const Sample s = make_draw(stairs, 1, 0).test;
  const Vector two = s.x.col(0).cwiseProduct(s.x.col(1));
  CHECK(s.target == Vector(s.x.col(0) + two + two.cwiseProduct(s.x.col(2))));

  // Any sets, with coefficients; the root of their squares as a whole, or none.
  const auto of = [](const Staircase& target) {
    return make_draw({.input = Hypercube{.dim = 6}, .target = target, .test_size = 50}, 1, 0).test;
  };
  const std::vector<std::vector<int>> sets{{4}, {4, 1, 2}};
  const Sample plain = of({.normalise = false, .sets = sets, .coefficients = {3, 4}});
  const Vector by_hand = 3 * plain.x.col(4) + 4 * sample.target;
  CHECK(near::distance(plain.target, by_hand) < 1e-14);
  CHECK(near::distance(of({.sets = sets, .coefficients = {3, 4}}).target, by_hand / 5) < 1e-14);
  // The staircase by its sets, to the bit; and the two spellings of a product.
  CHECK(of({.sets = {{0}, {0, 1}, {0, 1, 2}}}).modes == of({.order = 3}).modes);
  const Spec listed{.input = Hypercube{.dim = 6}, .target = Parity{.set = {4, 1, 2}}, .test_size = 50};
  CHECK(make_draw(listed, 1, 0).test.target == sample.target);
  CHECK(canonical_text("t", TargetChoice{Parity{.indices = {4, 1}}}) == "t.kind=parity@1\nt.indices=[4,1]\n");
  CHECK(canonical_text("t", TargetChoice{Staircase{.order = 4}}) == "t.kind=staircase@1\nt.order=4\n");
  CHECK(canonical_text("t", TargetChoice{Staircase{.sets = {{0}, {1, 2}}}}) ==
        "t.kind=staircase@1\nt.sets=[[0],[1,2]]\n");
}

TEST_CASE("random labels are signs, independent of the inputs and of each other", "[targets]") {
  const Spec spec{.input = Sphere{.dim = 4}, .target = Random{}, .train_size = 20000, .test_size = 20000};
  const Draw draw = make_draw(spec, 3, 0);
  CHECK((draw.train.target.cwiseAbs().array() == 1).all());
  CHECK(std::abs(test::mean(draw.train.target).z(0)) < 4);
  CHECK(std::abs(test::mean(draw.train.target.cwiseProduct(draw.train.x.col(0))).z(0)) < 4);
  CHECK(std::abs(test::mean(draw.train.target.cwiseProduct(draw.test.target)).z(0)) < 4);
  CHECK(std::abs(test::mean(draw.train.target.cwiseProduct(make_draw(spec, 3, 1).train.target)).z(0)) < 4);
}

TEST_CASE("the directions of a target are unit vectors, and all that it depends on") {
  for (const TargetChoice& target :
       {TargetChoice(Linear{}), TargetChoice(Hermite{}), TargetChoice(Gegenbauer{}), TargetChoice(TeacherNetwork{})}) {
    const Domain domain{.input = Gaussian{.dim = 6}, .dimension = 6};
    const TargetFunction function = make_function(target, domain, {.seed = 3, .draw = 0});
    const Matrix w = directions(function, 6);
    CHECK(w.rows() == direction_count(target));
    CHECK((w.rowwise().norm().array() - 1).abs().maxCoeff() < 1e-14);
    // A step at right angles to all of them changes nothing (on the sphere the target sees x/|x|: turn the point
    // instead).
    const Matrix q = Eigen::HouseholderQR<Matrix>(w.transpose()).householderQ();
    Matrix x(2, 6);
    Stream(5, Purpose::test, "directions", 0, 0).normals({x.data(), 12});
    const Vector a = q.col(4), b = q.col(5);
    const double xa = x.row(0).dot(a), xb = x.row(0).dot(b);
    x.row(1) = x.row(0) - (xa * a + xb * b).transpose() + (xb * a - xa * b).transpose();
    const Vector g = evaluate(function, {.x = x}).total;
    CHECK(g[1] == Approx(g[0]).margin(1e-12));
    CHECK(std::abs(x.row(1).dot(a) - xa) > 0.01);
  }
  CHECK(directions(make_function(Parity{.order = 2}, {.input = Hypercube{.dim = 4}, .dimension = 4}, {}), 4).rows() ==
        0);
}
