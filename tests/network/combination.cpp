#include "catch.hpp"
#include "fieldscan/network/activation/list.hpp"

using namespace fieldscan;
using namespace fieldscan::network;

namespace {

Combination steep() { return {.of = {Tanh{}, Linear{}}, .weights = {1, -0.7295}, .scales = {2, 1}}; }

struct Pair {
  double a, b, c;
};
constexpr Pair pairs[] = {{1, 1, 0.5}, {2, 0.7, -0.9}, {0.3, 0.3, 0.3}, {4, 3, 3.4}, {1, 1, -1}};

}  // namespace

TEST_CASE("a combination is the sum that it says", "[activation]") {
  std::vector<double> z{-2.5, -0.3, 0, 0.7, 1.9}, phi(5), slope(5);
  value_and_derivative(steep(), z, phi, slope);
  for (std::size_t k = 0; k < z.size(); ++k) {
    const double t = std::tanh(2 * z[k]);
    CHECK(phi[k] == Approx(t - 0.7295 * z[k]).margin(1e-15));
    CHECK(slope[k] == Approx(2 * (1 - t * t) - 0.7295).margin(1e-15));
  }
  // Beyond the numbers that are summed at a time.
  std::vector<double> many(200, 0.7), out(200);
  value(steep(), many, out);
  CHECK((out[0] == phi[3] && out[199] == phi[3]));
}

TEST_CASE("combinations that are other activations have their averages", "[activation]") {
  const Combination one{.of = {Erf{}}, .weights = {2}, .scales = {0.7}};
  const Combination sum{.of = {Linear{}, Quadratic{}, Polynomial{.coefficients = {0, 0, 0, 1}}},
                        .weights = {0.5, -1, 0.2},
                        .scales = {1, 1, 3}};
  const Polynomial polynomial{.coefficients = {0, 0.5, -1, 5.4}};
  for (const auto& [a, b, c] : pairs) {
    CAPTURE(a, b, c);
    const GaussianAverage erf = average(Erf{.scale = 0.7}, a, b, c), mine = average(one, a, b, c);
    CHECK(mine.value == Approx(4 * erf.value).epsilon(1e-11));
    CHECK(mine.derivative == Approx(4 * erf.derivative).epsilon(1e-11));
    const GaussianAverage powers = average(polynomial, a, b, c), summed = average(sum, a, b, c);
    CHECK(summed.value == Approx(powers.value).epsilon(1e-11));
    CHECK(summed.derivative == Approx(powers.derivative).epsilon(1e-11));
  }
}

TEST_CASE("many averages of a combination at once are those of each", "[activation]") {
  std::vector<double> a, b, c, value(5), slope(5);
  for (const Pair& pair : pairs) a.push_back(pair.a), b.push_back(pair.b), c.push_back(pair.c);
  averages(steep(), a, b, c, value, slope);
  for (std::size_t k = 0; k < a.size(); ++k) {
    const GaussianAverage one = average(steep(), a[k], b[k], c[k]);
    CHECK(value[k] == Approx(one.value).margin(1e-12));
    CHECK(slope[k] == Approx(one.derivative).margin(1e-11));
  }
}

TEST_CASE("a combination says what is missing", "[activation]") {
  CHECK_FALSE(steep().problem());
  CHECK(Combination{.of = {}}.problem());
  CHECK(Combination{.of = {Tanh{}}, .weights = {1, 2}}.problem());
  CHECK(Combination{.of = {Tanh{}}, .weights = {1}, .scales = {1, 2}}.problem());
  // What is 0, or the same number, everywhere is no activation; a part that is left out by its weight is fine.
  const auto says = [](const Combination& sum, const char* what) {
    return sum.problem() && sum.problem()->find(what) != std::string::npos;
  };
  CHECK(says({.of = {Tanh{}, Linear{}}, .weights = {0, 0}}, "all `weights` are 0"));
  CHECK(says({.of = {Tanh{}, Linear{}}, .weights = {1, 1}, .scales = {0, 1}}, "and not 0"));
  CHECK(says({.of = {Tanh{}}, .weights = {1}, .scales = {2e6}}, "between"));
  CHECK(says({.of = {Tanh{}}, .weights = {std::nan("")}}, "`weights` has nan"));
  CHECK(says({.of = {Tanh{}, Tanh{}}, .weights = {1, -1}}, "cancel"));
  CHECK(says({.of = {Linear{}, Polynomial{.coefficients = {1, 0.3}}}, .weights = {-0.3, 1}}, "cancel"));
  CHECK_FALSE(Combination{.of = {Tanh{}, Linear{}}, .weights = {0, 1}}.problem());
  CHECK_FALSE(Combination{.of = {Tanh{}, Linear{}}, .weights = {1, -1}}.problem());
  CHECK_FALSE(Combination{.of = {Sin{}}, .weights = {1e-6}, .scales = {1e-6}}.problem());
  CHECK(parts_of(steep()).size() == 2);
  CHECK((any_part_is<Relu>(Combination{.of = {Relu{}, Linear{}}}) && !any_part_is<Relu>(steep())));
}
