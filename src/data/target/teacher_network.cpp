#include "fieldscan/data/target/teacher_network.hpp"

#include <cassert>
#include <cmath>

#include "fieldscan/core/error.hpp"
#include "fieldscan/data/domain.hpp"

namespace fieldscan::data {
namespace {

using network::Tensor;

const Tensor& first_layer(const network::Network& net) { return net.tensors().front(); }
const Tensor& readout_of(const network::Network& net) { return net.tensors().back(); }

Eigen::Map<Matrix> matrix_of(const Tensor& tensor, Vector& theta) {
  return {theta.data() + tensor.offset, tensor.rows, tensor.cols};
}

network::InitialReadout readout_of(const TeacherNetwork& teacher) {
  using network::ReadoutLaw;
  switch (teacher.readout) {
    case Readout::gaussian:
      return {};
    case Readout::ones:
      return {.law = ReadoutLaw::ones};
    case Readout::rademacher:
      return {.law = ReadoutLaw::rademacher};
    case Readout::power_law:
      return {.law = ReadoutLaw::power_law, .exponent = teacher.exponent};
  }
  return {};
}

// Gram–Schmidt in the order of the rows, twice against rounding; |w_i|² = d. A narrower teacher keeps its rows.
void orthogonalise_rows(Eigen::Map<Matrix> w) {
  assert(w.rows() <= w.cols() && "orthogonal rows fit into the dimension");
  for (Index i = 0; i < w.rows(); ++i) {
    for (int pass = 0; pass < 2; ++pass)
      for (Index j = 0; j < i; ++j) w.row(i) -= w.row(j) * (w.row(i).dot(w.row(j)) / w.row(j).squaredNorm());
    w.row(i) *= std::sqrt(static_cast<double>(w.cols()) / w.row(i).squaredNorm());
  }
}

// One hidden layer, normal inputs of covariance Λ: ⟨g²⟩ = Σ_ij a_i a_j ⟨φ(h_i)φ(h_j)⟩ with ⟨h hᵀ⟩ = W Λ Wᵀ/d, the
// mean over outputs.
double mean_square_normal(const TeacherNetwork::Function& f, const Gaussian& gaussian) {
  Vector theta = f.theta;
  const Matrix w = matrix_of(first_layer(f.network), theta);
  const Matrix all = matrix_of(readout_of(f.network), theta) * (f.scale * readout_of(f.network).scale);
  const Matrix cov = w * gaussian.variances().asDiagonal() * w.transpose() / static_cast<double>(gaussian.dim);
  const auto& phi = f.network.spec().activation;
  double sum = 0;
  for (Index i = 0; i < all.cols(); ++i) {
    sum += all.col(i).squaredNorm() * network::average_equal(phi, cov(i, i)).value;
    for (Index j = 0; j < i; ++j)
      sum += 2 * all.col(i).dot(all.col(j)) * network::average(phi, cov(i, i), cov(j, j), cov(i, j)).value;
  }
  return sum / f.network.outputs();
}

double mean_square(const TeacherNetwork::Function& f, const Domain& domain) {
  const auto* gaussian = std::get_if<Gaussian>(&domain.input);
  if (gaussian && f.network.depth() == 1) return mean_square_normal(f, *gaussian);
  const Matrix x = reference_sample(domain);
  return f({.x = x}).total.squaredNorm() / static_cast<double>(x.rows()) / f.network.outputs();
}

}  // namespace

// In blocks of a fixed number of rows, filled up with zeros: the bits of a row do not depend on how many there are.
Values TeacherNetwork::Function::operator()(const Examples& examples) const {
  constexpr Index block = 64;
  const Index count = examples.x.rows(), outputs = network.outputs();
  Values values{.total = Matrix(count, outputs), .modes = Matrix(count, 0)};
  auto work = network.workspace(block);
  Matrix x(block, examples.x.cols());
  Vector out(block * outputs);
  for (Index start = 0; start < count; start += block) {
    const Index rows = std::min(block, count - start);
    x.topRows(rows) = examples.x.middleRows(start, rows);
    x.bottomRows(block - rows).setZero();
    network.forward(theta, x, work, out);
    for (Index c = 0; c < outputs; ++c)
      values.total.col(c).segment(start, rows) = scale * out(Eigen::seqN(c, rows, outputs));
  }
  return values;
}

Matrix TeacherNetwork::Function::unit_directions() const {
  const Tensor& first = first_layer(network);
  return Eigen::Map<const Matrix>(theta.data() + first.offset, first.rows, first.cols).rowwise().normalized();
}

Units TeacherNetwork::Function::units() const {
  const Tensor &first = first_layer(network), &readout = readout_of(network);
  return {.weight = Eigen::Map<const Matrix>(theta.data() + first.offset, first.rows, first.cols),
          .amplitude = scale * readout.scale * theta.segment(readout.offset, readout.size())};
}

TeacherNetwork::Function TeacherNetwork::function(const Domain& domain, const TargetKey& key) const {
  const network::Spec spec{
      .depth = depth, .width = width, .activation = activation, .initial = {.readout = readout_of(*this)}};
  Function f{.network = network::Network(spec, domain.dimension, outputs), .theta = {}, .scale = 1};
  f.theta = f.network.initial(target_stream<TeacherNetwork>(key, draw));
  if (orthogonal) orthogonalise_rows(matrix_of(first_layer(f.network), f.theta));
  if (readout == Readout::ones) f.scale = std::sqrt(static_cast<double>(width));  // undoes the 1/√M of the readout
  if (normalise) {
    const double square = mean_square(f, domain);
    if (!(square > 0))
      throw NumericalError("target teacher_network: it vanishes on the inputs and can not be normalised");
    f.scale /= std::sqrt(square);
  }
  return f;
}

}  // namespace fieldscan::data
