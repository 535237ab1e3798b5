#pragma once
#include <optional>
#include <span>

#include "fieldscan/training/train.hpp"
#include "single_passes.hpp"

/// The loss ½ Σ (f − y)² of a network and its gradient, over all outputs and all training points or some of them, in
/// the problem's precision.
namespace fieldscan::training {

class Loss {
 public:
  /// `start`: θ₀, whose outputs are subtracted where the network is centred. `most`: points of the largest batch.
  Loss(const Problem& problem, const network::Network& network, const Vector& start, Index most);

  /// Over the whole training set; gradient [parameters].
  double all(const Vector& theta, Vector& gradient);
  /// Over some rows of the training set.
  double rows(const Vector& theta, std::span<const Index> rows, Vector& gradient);
  /// Over examples from outside the training set.
  double fresh(const Vector& theta, const data::Sample& sample, Vector& gradient);
  /// The value alone, over the whole training set, always in double precision.
  double value(const Vector& theta) const;

 private:
  enum class Over { training_set, others };
  double evaluate(const Vector& theta, Over over, const MatrixView& x, const VectorView& reference, Vector& gradient);

  const Problem& problem_;
  const network::Network& network_;
  const Vector& start_;
  Vector reference_;                  ///< y + f(θ₀) where centred, else y [P·C]
  network::Network::Workspace work_;  ///< empty in single precision
  std::optional<SinglePasses> single_;
  Vector outputs_;
  Matrix batch_x_;
  Vector batch_reference_;
};

}  // namespace fieldscan::training
