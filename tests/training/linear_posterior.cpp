#include "exact_posterior.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;

namespace {

/// Six points in the plane, two test points, κ = 0.2, all variances one.
Case plane_case(const std::vector<int>& widths, double chi) {
  Case c;
  c.network = {.depth = static_cast<int>(widths.size()), .width = widths, .activation = network::Linear{}, .chi = chi};
  c.spec.input = data::Gaussian{.dim = 2};
  c.spec.train_size = 6;
  c.spec.test_size = 2;
  c.data.train.x.resize(6, 2);
  c.data.train.x << 1.2, -0.4, 0.3, 0.9, -1.1, 0.5, 0.7, 1.6, -0.2, -1.3, 1.9, 0.1;
  c.data.train.label.resize(6, 1);
  c.data.train.label << 1.1, -0.3, -0.9, 0.2, 0.4, 1.6;
  c.data.train.target = c.data.train.label;
  c.data.test.x.resize(2, 2);
  c.data.test.x << 0.5, -0.8, -1.4, -0.6;
  c.data.test.target = c.data.test.label = Vector::Zero(2);
  c.ridge = 0.2;
  return c;
}

struct Reference {
  std::vector<int> widths;
  double chi;
  double mean[2], variance[2];
};

/// Scale mixtures integrated with 30 digits: trapezoidal sums over log Q with the Bessel-function density of a product,
/// by mpmath.
const std::vector<Reference> references{
    {{5}, 1, {0.6144713598964774, -0.8683378736635744}, {0.032613804722008866, 0.061031941454024186}},
    {{5}, 5, {0.6430592054153633, -0.8989996844174695}, {0.00675582752997648, 0.012523406250416341}},
    {{5, 7}, 1, {0.6070231769315974, -0.86003043888514}, {0.032941175098761356, 0.06138189885882604}},
    {{40}, 40, {0.6496985902096868, -0.9059816383183039}, {0.0008441665821679196, 0.0015669397325850957}},
};

}  // namespace

TEST_CASE("the tests' own scale mixture has the stored numbers") {
  for (const Reference& r : references) {
    const Exact exact = exact_linear(plane_case(r.widths, r.chi));
    for (Index k = 0; k < 2; ++k) {
      CHECK(exact.mean[k] == Approx(r.mean[k]).epsilon(1e-9));
      CHECK(exact.variance[k] == Approx(r.variance[k]).epsilon(1e-8));
    }
  }
}

// z has Student's law with 23 degrees of freedom: beyond 5.5 with probability 1.4e-5, for each of some thirty numbers.
TEST_CASE("linear networks of one to three hidden layers and widths from 5 to 40 have their exact posterior",
          "[slow]") {
  struct Setting {
    std::vector<int> widths;
    double chi;
    TrainerChoice trainer;
  };
  const Hmc integrated{.samples = 1000}, sampled{.samples = 2000, .readout = Readout::sampled};
  const std::vector<Setting> settings{
      {{5}, 1, integrated},         {{5}, 5, integrated},       {{40}, 40, integrated},
      {{5, 7}, 1, integrated},      {{20, 10}, 20, integrated}, {{8, 8, 8}, 1, integrated},
      {{5, 20, 40}, 1, integrated}, {{5}, 5, sampled},          {{8, 8, 8}, 1, sampled}};
  for (const Setting& s : settings) {
    CAPTURE(s.widths, s.chi);
    const Case c = plane_case(s.widths, s.chi);
    const Exact exact = exact_linear(c);
    const Chains chains = run_chains(c, s.trainer, 24);
    CHECK(largest_z(chains.predictor, exact.mean) < 5.5);
    CHECK(std::abs(z_of(chains.variance, exact.variance.mean())) < 5.5);
    // Negative control: the infinitely wide network.
    Case wide = plane_case({100000}, s.chi);
    const Exact limit = exact_linear(wide);
    const bool mean_differs = largest_z(chains.predictor, limit.mean) > 6;
    CHECK((mean_differs || std::abs(z_of(chains.variance, limit.variance.mean())) > 6));
  }
}
