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
  const Index points = c.data.train.x.rows();
  auto work = network.workspace(points);
  Vector f(points * network.outputs());
  network.forward(theta, c.data.train.x, work, f);
  const double chi = c.network.chi;
  if (!posterior.integrated())
    return 0.5 * z.squaredNorm() + chi / (2 * c.ridge) * (f - data::flat(c.data.train.label)).squaredNorm();
  const Matrix phi = work.activation.back();
  const double scale = c.network.readout_variance / network::last_width(c.network);
  const Matrix kernel = scale * phi * phi.transpose() + c.ridge * Matrix::Identity(points, points);
  const Matrix y = c.data.train.label;
  // log det of (K + κ)/χ: a constant is left out of (0.6).
  return 0.5 * z.squaredNorm() + chi / 2 * (y.transpose() * kernel.inverse() * y).trace() +
         0.5 * network.outputs() * std::log((kernel / chi).determinant());
}

}  // namespace

TEST_CASE("the integrated potential of two outputs has the reference's value and gradient") {
  // outputs_collapsed_potential of an independent program: erf units, W, X and Y from cosines and sines.
  const auto table = [](Index rows, Index cols, double phase) {
    return Matrix(Matrix::NullaryExpr(rows, cols, [&](Index row, Index col) {
      const double i = static_cast<double>(row) + 1, j = static_cast<double>(col) + 1;
      return std::sqrt(2.0) * std::cos(0.7 * i * j + phase * j * j + 0.37 * i * i);
    }));
  };
  auto c = make_case(8, 2, 5, {.depth = 1, .width = 4, .activation = network::Erf{}, .chi = 2.5});
  c.ridge = 0.3;
  c.data.train.x = table(8, 5, 1.3);
  c.data.train.label.resize(8, 2);
  for (Index m = 0; m < 8; ++m)
    c.data.train.label.row(m) << std::sin(1.3 * static_cast<double>(m + 1)),
        0.5 * std::cos(0.9 * static_cast<double>(m + 1));
  const network::Network network(c.network, 5, 2);
  const Problem problem = c.problem();
  Posterior posterior(problem, network, Readout::integrated, Start::prior);
  const Vector z = table(4, 5, 0.6).reshaped();
  Vector gradient(z.size());
  // It is log det (K + κ) there, and log det (K + κ)/χ here.
  const double value = posterior.potential(z, gradient) + 8 * std::log(2.5);
  CHECK(value == Approx(25.460875696726117).epsilon(1e-10));
  const Matrix expected{
      {-1.0590187623421354, -1.301039194583074, -0.9349247877744445, 1.3513802193154207, 1.0760512974313028},
      {-1.7390550100568718, 1.3420047562266924, -0.1914968421140751, -0.43624892485725314, -0.36868132130793424},
      {1.5063559984423862, -1.294462934174767, -1.017530452929155, -1.1176303908337213, -1.2653045481245788},
      {-1.6970162879520987, -0.26621171192133647, 0.11710682133366601, -0.7733923705241154, -1.654450617448715}};
  CHECK(near::distance(gradient, expected.reshaped()) < 1e-9);
}

TEST_CASE("the potential of the posterior is its definition, and its gradient the finite difference") {
  for (const auto& spec : networks()) {
    for (const auto& [points, outputs] : {std::pair<Index, Index>{2, 1}, {7, 1}, {2, 3}, {7, 3}}) {
      for (const Readout readout : {Readout::integrated, Readout::sampled}) {
        auto c = make_case(points, 2, 3, spec);
        if (outputs > 1) testing::give_outputs(c, outputs);
        c.ridge = 0.2;
        const network::Network network(c.network, 3, static_cast<int>(outputs));
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
