#pragma once
#include <optional>
#include <span>

#include "fieldscan/training/train.hpp"
#include "single_passes.hpp"

/// The loss of a network and its gradient, over all outputs and all training points or some of them, in the problem's
/// precision: ½ Σ (f − y)², or the cross-entropy.
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
  double evaluate(const Vector& theta, Over over, const MatrixView& x, const network::Comparison& with,
                  Vector& gradient);
  bool shifts() const { return problem_.loss != LossFunction::square && network_.spec().centred; }

  const Problem& problem_;
  const network::Network& network_;
  const Vector& start_;
  Vector reference_;  ///< of the square y + f(θ₀) where centred, else y; of the cross-entropy classes [P·C]
  Vector offset_;     ///< of the cross-entropy f(θ₀) where centred, else empty
  network::Network::Workspace work_;  ///< empty in single precision
  std::optional<SinglePasses> single_;
  Vector outputs_;
  Matrix batch_x_;
  Vector batch_reference_, batch_offset_;
};

}  // namespace fieldscan::training
