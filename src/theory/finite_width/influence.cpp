#include "influence.hpp"

#include <cmath>

namespace fieldscan::theory {

Functional no_functional(const Adaptation& adaptation) {
  return {.of_node = Vector::Zero(adaptation.population.feature.rows()),
          .of_t = Matrix::Zero(adaptation.saddle.t.rows(), adaptation.saddle.t.cols())};
}

Vector error_over_chains(const Adaptation& adaptation, const Matrix& influence) {
  const Index length = adaptation.population.chain;
  Vector out = Vector::Zero(influence.cols());
  if (length == 0) return out;
  for (Index m = 0; m + length <= influence.rows(); m += length)
    out += influence.middleRows(m, length).colwise().sum().transpose().cwiseAbs2();
  return out.cwiseSqrt();
}

double standard_error(const SaddleProblem& problem, const Adaptation& adaptation, const Functional& derivative) {
  if (adaptation.population.chain == 0) return 0;
  const Saddle& saddle = adaptation.saddle;
  const Matrix& feature = adaptation.population.feature;
  const Vector centred = derivative.of_node.array() - saddle.weight.dot(derivative.of_node);
  const Matrix through_t =
      derivative.of_t +
      problem.strength * (feature.transpose() * (saddle.weight.cwiseProduct(centred).asDiagonal() * saddle.score));
  const Matrix q = saddle.hessian.solve(Vector(through_t.reshaped())).reshaped(through_t.rows(), through_t.cols());
  const Vector own = (feature * q).cwiseProduct(saddle.score).rowwise().sum();
  const double mean = saddle.pull.cwiseProduct(q).sum();
  const Vector influence = saddle.weight.array() * (centred.array() - problem.readout * (own.array() - mean));
  return error_over_chains(adaptation, influence)[0];
}

}  // namespace fieldscan::theory
