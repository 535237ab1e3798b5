#include <memory>
#include <vector>

#include "descent/descent.hpp"
#include "descent/loss.hpp"
#include "ours.hpp"
#include "sampling/hamiltonian.hpp"
#include "sampling/posterior.hpp"

using namespace fieldscan;

namespace peers {

namespace {

data::Draw draw_of(const Matrix& x, const Matrix& label) {
  data::Draw draw;
  draw.train.x = x;
  draw.train.label = draw.train.target = label;
  return draw;
}

training::Precision precision_of(const Row& row) {
  return row.single() ? training::Precision::single : training::Precision::double_;
}

/// Two hidden layers: fully connected, or filters of 3 × 3 with zeros around the image.
network::Spec network_of(const Row& row) {
  network::Spec spec{.depth = 2, .width = row.number("width"), .activation = row.activation()};
  if (row.word("layers") == "convolution") {
    spec.architecture = {.layers = network::Layers::convolution, .rows = 0, .padding = network::Padding::zero};
    spec.weight_variance = 2;
  }
  return spec;
}

/// One network in gradient descent, as the trainer of that name moves it.
struct Descent {
  Descent(const Row& row, const Matrix& x, const Matrix& label, const Vector& start)
      : spec(network_of(row)),
        draw(draw_of(x, label)),
        problem{.network = spec, .data_spec = data_spec, .data = draw, .precision = precision_of(row)},
        network(spec, static_cast<int>(x.cols())),
        theta(start),
        gradient(start.size()),
        loss(problem, network, theta, x.rows()),
        ball(network, 0, 0, {}) {}
  Descent(const Descent&) = delete;  // its parts know one another

  double find_gradient() { return loss.all(theta, gradient); }
  void step() {
    find_gradient();
    ball.step(1e-5, gradient, theta);
  }

  network::Spec spec;
  data::Spec data_spec;
  data::Draw draw;
  training::Problem problem;
  network::Network network;
  Vector theta, gradient;
  training::Loss loss;
  training::HeavyBall ball;
};

/// The posterior of networks of one hidden layer at κ = 0.1, χ = 1, and how the collapsed sampler takes it.
struct Sampling {
  explicit Sampling(const Row& row)
      : spec{.depth = 1, .width = row.number("width"), .activation = row.activation()},
        draw(draw_of(row.read("x", row.number("points"), row.number("dimension")),
                     row.read("label", row.number("points"), 1))),
        test(row.read("test", row.number("tests"), row.number("dimension"))),
        network(spec, row.number("dimension")),
        precision(precision_of(row)),
        burn_in(row.number("burn_in")),
        samples(row.number("samples")) {}

  /// Outputs of a chain of this number on the test points [samples × test points].
  Matrix chain(std::uint64_t number) const {
    const training::Problem problem{.network = spec,
                                    .data_spec = data_spec,
                                    .data = draw,
                                    .ridge = 0.1,
                                    .seed = 3,
                                    .initialisation = static_cast<std::int64_t>(number),
                                    .precision = precision};
    const auto stream = [&](Purpose purpose) { return Stream(5, purpose, "peers", 0, number); };
    training::Posterior posterior(problem, network, training::Readout::integrated, training::Start::prior);
    training::Energy exact;
    if (precision == training::Precision::single) exact = [&](const Vector& z) { return posterior.energy(z); };
    training::HamiltonianChain chain(
        [&](const Vector& z, Vector& gradient) { return posterior.potential(z, gradient); },
        {.drift = training::Drift::rotation, .target_acceptance = 0.65},
        {stream(Purpose::momentum), stream(Purpose::acceptance), stream(Purpose::step_jitter)}, posterior.start(),
        exact);
    for (int k = 0; k < burn_in; ++k) chain.step(training::Phase::burn_in);
    Matrix outputs(samples, test.rows());
    for (int k = 0; k < samples; ++k) {
      chain.step(training::Phase::sampling);
      posterior.look_at(chain.position());
      outputs.row(k) = posterior.output(test).mean.transpose();
    }
    return outputs;
  }

  network::Spec spec;
  data::Spec data_spec;
  data::Draw draw;
  Matrix test;
  network::Network network;
  training::Precision precision;
  int burn_in, samples;
};

}  // namespace

Work steps(const Row& row) {
  const int members = row.number("members"), repeat = row.number("repeat"), dimension = row.number("dimension");
  const Matrix x = row.read("x", row.number("points"), dimension), label = row.read("label", x.rows(), 1);
  const Index parameters = network::Network(network_of(row), dimension).parameter_count();
  const Matrix theta = row.read("theta", parameters, members);
  const auto descents = std::make_shared<std::vector<std::unique_ptr<Descent>>>();
  Matrix loss(1, members), gradient(parameters, members);
  for (int k = 0; k < members; ++k) {
    Descent& descent = *descents->emplace_back(std::make_unique<Descent>(row, x, label, theta.col(k)));
    loss(0, k) = descent.find_gradient();
    gradient.col(k) = descent.gradient;
  }
  row.write("loss", loss);
  row.write("gradient", gradient);
  return [descents, repeat] {
    for (const auto& descent : *descents)  // one network after the other: its weights stay in the cache
      for (int k = 0; k < repeat; ++k) descent->step();
  };
}

Work posterior(const Row& row) {
  return [row, sampling = std::make_shared<Sampling>(row), number = std::make_shared<std::uint64_t>(0)] {
    row.write("outputs", sampling->chain(++*number));
  };
}

}  // namespace peers
