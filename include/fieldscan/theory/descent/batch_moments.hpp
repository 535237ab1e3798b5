#pragma once
#include <cstdint>

#include "fieldscan/theory/descent/flow.hpp"

/// Descent of an infinitely wide network in batches whose points are drawn with replacement.
namespace fieldscan::theory {

/// First and second moments of the residual r = f − y at X and e = f − g at X*, over initialisations and batches.
///
///     r ← r − h Θ D r,  e ← e − h Θ_*X D r,   D = (P/B) Σ_b e_b e_bᵀ of B points drawn independently
///     ⟨D M D⟩ = (1 − 1/B) M + (P/B) diag M =: Q
///     M ← M − h(ΘM + MΘ) + h² Θ Q Θ           M = ⟨r rᵀ⟩ [P × P]
///     C ← C − h(ΘC + M Θ_X*) + h² Θ Q Θ_X*     C = ⟨r eᵀ⟩ [P × P*]
///     s ← s − 2h diag(Θ_*X C) + h² diag(Θ_*X Q Θ_X*)   s = ⟨e²⟩ [P*]
///
/// exactly, whatever h: the step is linear in r, and a batch knows nothing of those before. The mean is that of the
/// whole training set. Source: the closure of second moments of linear SGD; derived.
class BatchMoments {
 public:
  /// `batch`: B. `shown`: 1/χ of the initial variance K, 0 where the output at initialisation is subtracted.
  BatchMoments(const FlowKernels& kernels, const VectorView& label, const VectorView& target, double shown, double step,
               double batch);

  /// Goes on to the given number of steps, which may not fall.
  void go_to(std::int64_t steps);

  const Vector& mean_train() const { return mean_train_; }  ///< ⟨r⟩ [P]
  const Vector& mean_test() const { return mean_test_; }    ///< ⟨e⟩ [P*]
  const Matrix& square_train() const { return train_; }     ///< M
  const Vector& square_test() const { return test_; }       ///< s

 private:
  void advance();

  const FlowKernels& kernels_;
  double step_, batch_;
  std::int64_t done_ = 0;
  Vector mean_train_, mean_test_, test_;
  Matrix train_, cross_;
};

}  // namespace fieldscan::theory
