#pragma once
#include <optional>

#include "../descent/single_passes.hpp"
#include "../observe/measure.hpp"
#include "fieldscan/training/train.hpp"
#include "readout_integral.hpp"
#include "single_integral.hpp"

namespace fieldscan::training {

/// The posterior exp(−U) of a network's trained parameters,
///
///     U = |z|²/2 + (χ/2κ) Σ_μ (f_μ − y_μ)²,      θ = init_std · z
///
/// or, with the readout integrated out, that of the hidden ones (see ReadoutIntegral). Tensors that are not trained
/// keep the values of the start. Where the readout is not trained there is nothing to integrate, and it is `sampled`.
class Posterior {
 public:
  Posterior(const Problem& problem, const network::Network& network, Readout readout, Start start);

  Index dimension() const { return dimension_; }
  bool integrated() const { return integral_.has_value(); }
  /// The start of the chain [dimension].
  Vector start() const;
  /// U(z), and ∇U into gradient [dimension], in the precision of the problem; +∞ where it can not be computed.
  double potential(const Vector& z, Vector& gradient);
  /// U(z) in double precision.
  double energy(const Vector& z);

  /// Takes the values of tensors that are not trained from another posterior of the same network.
  void keep_frozen(const Posterior& other) { theta_ = other.theta_; }
  /// Makes z the network that the functions below look at.
  void look_at(const Vector& z);
  Output train_output() const;
  Output output(const MatrixView& x);
  /// |θ_k|² of every tensor, the expectation for an integrated readout.
  std::vector<double> squares() const;
  /// All parameters: an integrated readout is drawn, with the normals of this stream.
  Vector parameters(const Stream& stream) const;

 private:
  void scatter(const Vector& z);
  void gather(Vector& out) const;
  double sampled_potential();
  double integrated_potential();
  /// Takes up the network at z, as far as it is looked at; with an integrated readout, its potential.
  double take_up(const Vector& z);

  const Problem& problem_;
  const network::Network& network_;
  std::vector<network::Tensor> active_;  ///< the tensors that z holds, in this order
  Index dimension_ = 0;
  double noise_;          ///< τ = κ/χ
  double readout_scale_;  ///< F = readout_scale · φ
  Vector label_;          ///< [P·C]
  Vector theta_, slope_, outputs_;
  Vector evaluated_;      ///< the last z of `potential` or `energy` in double precision
  bool current_ = false;  ///< features_ and the integral are those of evaluated_
  network::Network::Workspace work_;
  // For the gradient alone: what is looked at is double.
  std::optional<SinglePasses> single_;
  std::optional<SingleIntegral> single_integral_;
  Matrix features_, feature_slope_;
  // For outputs away from the training set; made when first needed, kept.
  network::Network::Workspace look_work_;
  Vector look_outputs_;
  Matrix look_features_;
  std::optional<ReadoutIntegral> integral_;
};

}  // namespace fieldscan::training
