#include "../../../src/training/sampling/posterior.hpp"

#include "../support.hpp"
#include "near.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using testing::make_case;
using testing::normals;

namespace {

std::vector<network::Spec> networks() {
  return {
      {.depth = 1, .width = 5, .activation = network::Erf{}},
      {.depth = 1,
       .width = 3,
       .activation = network::Tanh{},
       .weight_variance = 2.0,
       .bias_variance = 0.5,
       .readout_variance = 1.5,
       .chi = 4},
      {.depth = 2, .width = std::vector<int>{4, 6}, .activation = network::Gelu{}, .bias_variance = 0.3, .chi = 0.5},
      {.depth = 3, .width = 3, .activation = network::Erf{}, .chi = 3},
      {.depth = 2, .width = 4, .activation = network::Sin{}, .parameterisation = network::Parameterisation::mup},
      {.depth = 1, .width = 4, .activation = network::Erf{}, .train = network::Trained::hidden},
      {.depth = 2, .width = 4, .activation = network::Erf{}, .train = network::Trained::readout},
  };
}

/// U by its definition: finite_width (0.1) and (0.6).
double direct_potential(const testing::Case& c, const Posterior& posterior, const network::Network& network,
                        const Vector& z) {
  Vector theta = testing::initial_of(c);
  Index at = 0;
  for (const auto& tensor : network.tensors()) {
    if (tensor.rate_factor == 0 || (posterior.integrated() && tensor.role == network::Role::readout)) continue;
    theta.segment(tensor.offset, tensor.size()) = z.segment(at, tensor.size());
    at += tensor.size();
  }
  auto work = network.workspace(c.data.train.x.rows());
  Vector f(c.data.train.x.rows());
  network.forward(theta, c.data.train.x, work, f);
  const double chi = c.network.chi;
  if (!posterior.integrated())
    return 0.5 * z.squaredNorm() + chi / (2 * c.ridge) * (f - c.data.train.label).squaredNorm();
  const Matrix phi = work.activation.back();
  const double scale = c.network.readout_variance / network::last_width(c.network);
  const Matrix kernel = scale * phi * phi.transpose() + c.ridge * Matrix::Identity(f.size(), f.size());
  const Vector y = c.data.train.label;
  // log det of (K + κ)/χ: a constant is left out of (0.6).
  return 0.5 * z.squaredNorm() + chi / 2 * y.dot(kernel.inverse() * y) + 0.5 * std::log((kernel / chi).determinant());
}

}  // namespace

TEST_CASE("the potential of the posterior is its definition, and its gradient the finite difference") {
  for (const auto& spec : networks()) {
    for (const Index points : {2, 7}) {
      for (const Readout readout : {Readout::integrated, Readout::sampled}) {
        auto c = make_case(points, 2, 3, spec);
        c.ridge = 0.2;
        const network::Network network(c.network, 3);
        const Problem problem = c.problem();
        Posterior posterior(problem, network, readout, Start::prior);
        const Vector z = 0.7 * normals(posterior.dimension(), 1, 30);
        Vector gradient(z.size()), unused(z.size());
        const double value = posterior.potential(z, gradient);
        CHECK(value == Approx(direct_potential(c, posterior, network, z)).epsilon(1e-10));
        for (Index k = 0; k < z.size(); k += 3) {
          constexpr double step = 1e-5;
          Vector up = z, down = z;
          up[k] += step;
          down[k] -= step;
          const double slope = (posterior.potential(up, unused) - posterior.potential(down, unused)) / (2 * step);
          CHECK(gradient[k] == Approx(slope).epsilon(1e-6).margin(1e-6));
        }
      }
    }
  }
}

TEST_CASE("an untrained readout is never integrated, and untrained tensors are not in z") {
  auto c = make_case(4, 2, 3, {.width = 5, .train = network::Trained::hidden});
  c.ridge = 0.1;
  const network::Network network(c.network, 3);
  const Problem problem = c.problem();
  const Posterior hidden(problem, network, Readout::integrated, Start::prior);
  CHECK_FALSE(hidden.integrated());
  CHECK(hidden.dimension() == 15);
  c.network.train = network::Trained::readout;
  const network::Network readout_only(c.network, 3);
  CHECK(Posterior(problem, readout_only, Readout::integrated, Start::prior).dimension() == 0);
  CHECK(Posterior(problem, readout_only, Readout::sampled, Start::prior).dimension() == 5);
}

TEST_CASE("an aligned start puts a quarter of the units along the linear part of the target") {
  auto c = make_case(50, 500, 3, {.width = 8, .weight_variance = 2.0});
  c.ridge = 0.1;
  const network::Network network(c.network, 3);
  const Problem problem = c.problem();
  const Vector prior = Posterior(problem, network, Readout::integrated, Start::prior).start();
  const Vector aligned = Posterior(problem, network, Readout::integrated, Start::aligned).start();
  const Eigen::Map<const Matrix> w(aligned.data(), 8, 3), w0(prior.data(), 8, 3);
  CHECK(near::equal(w.bottomRows(6), w0.bottomRows(6)));
  // √σ_w² W·w*/√d = 1 for w* along the target's linear part, here the first axis.
  CHECK(std::sqrt(2.0 / 3) * w(0, 0) == Approx(1).epsilon(0.05));
  CHECK(near::equal(w.row(1), w.row(0)));
}
