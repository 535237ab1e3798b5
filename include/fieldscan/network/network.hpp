#pragma once
#include <span>
#include <string>
#include <vector>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/random.hpp"
#include "fieldscan/network/convolution_grid.hpp"
#include "fieldscan/network/spec.hpp"

namespace fieldscan::network {

enum class Role { weight, bias, readout };

/// One parameter tensor inside the flat parameter vector θ: θ = init_std · N(0, 1) in every parameterisation, and the
/// layer applies scale·θ with scale = √(σ_w²/fan-in), σ_b, or √(σ_a²/(N_L χ)). Parameterisations differ only in the
/// rates:
///
/// | rate_factor (Adam in brackets) | W1      | W2 …                         | bias    | a                        |
/// |--------------------------------|---------|------------------------------|---------|--------------------------|
/// | ntk                            | 1 (1)   | 1 (1)                        | 1 (1)   | 1 (1)                    |
/// | standard                       | 1 (1)   | fan-in/N₀ (√(fan-in/N₀))     | 1 (1)   | N_L/N₀ (√(N_L/N₀))       |
/// | mup                            | N_L/N₀ (1) | N_L/N₀ (√(N₀/fan-in))     | N_L/N₀ (1) | N_L/N₀ (1)            |
///
/// with N₀ = base_width. `standard` is one rate for the stored weights W̃ = W √(σ_w²/fan-in), ã = a √(σ_a²/N_L), as
/// other programs have them: dθ = dW̃/scale, and the gradient has another 1/scale. The factor 1/√χ is an output
/// multiplier, no part of ã, and constants that do not depend on width (d, σ²) are left out, so that all three agree at
/// N₀. `mup` is meant for χ ∝ N, where one learning rate then moves the function and the features alike at every width.
/// Source: Yang, Hu, "Feature learning in infinite-width neural networks", ICML (2021); Yang et al., "Tensor programs
/// V" (2022).
struct Tensor {
  std::string name;  ///< "W1", "b1", …, "a"
  Role role = Role::weight;
  int layer = 0;     ///< hidden layer 0 … L − 1; the readout has layer L
  Index offset = 0;  ///< of the first element in θ; stored column-major [rows × cols]
  /// Outputs × inputs: W1 [N_1 × d], b1 [N_1 × 1], a [C × N_L]. Of convolutions the inputs are numbered (channel,
  /// position of the filter), W2 [N_2 × N_1 Q], those of a flat readout (channel, position), a [C × N_L S].
  Index rows = 0, cols = 0;
  double scale = 1;        ///< the forward pass uses scale·θ
  double init_std = 1;     ///< θ = init_std · standard normal: the prior and the initialisation
  double rate_factor = 1;  ///< learning rate of this tensor relative to the base rate; 0 where the tensor is frozen
  double adam_factor = 1;  ///< the same for Adam
  Index size() const { return rows * cols; }
};

/// Buffers of a forward and backward pass over at most as many inputs as they have rows; fewer use the upper rows.
///
/// Of convolutional layers [points × N_l S_l], but P inputs lie as a matrix [P S_l × N_l] at the beginning of its
/// memory, row s P + μ for input μ at position s.
template <class Scalar>
struct PassBuffers {
  using Layers = std::vector<Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>>;
  Layers preactivation;  ///< hˡ [points × N_l]
  Layers activation;     ///< φ(hˡ)
  Layers derivative;     ///< φ′(hˡ), after forward_for_gradient
  Layers backward;       ///< ∂/∂hˡ
  Layers pooled;         ///< of convolutions: means of φ(h^L) over positions [points × N_L], and ∂/∂ of them
};

/// Views of numbers in single precision.
using SingleVectorView = Eigen::Ref<const Eigen::VectorXf>;
using SingleMatrixView = Eigen::Ref<const Eigen::MatrixXf>;

/// A finite network: shapes and scales of its tensors, forward and backward pass. Holds no parameters and no buffers.
///
/// Its C outputs follow from the target and are no part of the `Spec`. Vectors of outputs, and of what goes backward
/// from them, are [P·C], point by point: f_μc at μ C + c.
///
/// The two passes of a training step exist in double and in single precision, by the same code.
class Network {
 public:
  /// The inputs must be images of its shape (`shape_problem`) where the network is convolutional.
  Network(const Spec& spec, int input_dimension, int outputs = 1);

  const Spec& spec() const { return spec_; }
  int depth() const { return spec_.depth; }
  int input_dimension() const { return dimension_; }
  int outputs() const { return outputs_; }  ///< C
  bool is_convolutional() const { return !convolutions_.empty(); }
  const std::vector<Convolution>& convolutions() const { return convolutions_; }  ///< who sees whom; none where all do
  /// What the readout is linear in: N_L units, or N_L S numbers of a flat convolution.
  Index feature_count() const { return tensors_.back().cols; }
  Index parameter_count() const { return count_; }
  const std::vector<Tensor>& tensors() const { return tensors_; }

  /// The same network with the rates of its tensors multiplied by one factor each, in their order.
  Network with_rates(std::span<const double> factors) const;

  /// Initial parameters of a stream: element (row, column) of the tensor of layer l depends on (l, row, column) alone,
  /// so a narrower network is a corner of a wider one (but for the scale of a power law, and balanced ones).
  /// `along` [d]: where a balanced start along the labels looks, of any length > 0; others need none.
  Vector initial(const Stream& stream, const Vector& along = {}) const;

  using Workspace = PassBuffers<double>;
  using SingleWorkspace = PassBuffers<float>;
  Workspace workspace(Index points) const;
  SingleWorkspace single_workspace(Index points) const;

  template <class Scalar>
  using Features = Eigen::Map<const Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>, 0, Eigen::OuterStride<>>;
  /// ψ [P × features] of the last pass over P inputs, f = scale a·ψ: φ(h^L), or its means over positions.
  Features<double> features(const Workspace& work, Index points) const;
  Features<float> features(const SingleWorkspace& work, Index points) const;

  /// f(x; θ) for the rows of x [P × d] into out [P·C]; fills preactivation and activation.
  void forward(const VectorView& theta, const MatrixView& x, Workspace& work, Eigen::Ref<Vector> out) const;
  /// The same, also filling φ′.
  void forward_for_gradient(const VectorView& theta, const MatrixView& x, Workspace& work,
                            Eigen::Ref<Vector> out) const;
  void forward_for_gradient(const SingleVectorView& theta, const SingleMatrixView& x, SingleWorkspace& work,
                            Eigen::Ref<Eigen::VectorXf> out) const;
  /// gradient = Σ_μc weight_μc ∂f_c(x_μ)/∂θ, weight [P·C], after forward_for_gradient with the same θ and x. Frozen
  /// tensors get their gradient too.
  void backward(const VectorView& theta, const MatrixView& x, const VectorView& weight, Workspace& work,
                Eigen::Ref<Vector> gradient) const;
  void backward(const SingleVectorView& theta, const SingleMatrixView& x, const SingleVectorView& weight,
                SingleWorkspace& work, Eigen::Ref<Eigen::VectorXf> gradient) const;

  /// The same for the features: gradient = ∂/∂θ of Σ_μi weight_μi ψ_μi, weight [P × features].
  /// The readout, on which the features do not depend, gets gradient 0.
  void backward_features(const VectorView& theta, const MatrixView& x, const MatrixView& weight, Workspace& work,
                         Eigen::Ref<Vector> gradient) const;
  void backward_features(const SingleVectorView& theta, const SingleMatrixView& x, const SingleMatrixView& weight,
                         SingleWorkspace& work, Eigen::Ref<Eigen::VectorXf> gradient) const;
  /// out = Σ_k (∂f/∂θ_k) direction_k [P·C], after forward_for_gradient with the same θ and x (forward mode). Uses
  /// `backward` as scratch.
  void derivative_along(const VectorView& theta, const MatrixView& x, const VectorView& direction, Workspace& work,
                        Eigen::Ref<Vector> out) const;

  /// Outputs [P·C] without keeping anything.
  Vector evaluate(const VectorView& theta, const MatrixView& x) const;

  /// The Jacobian ∂f_μc/∂θ, row μ C + c [P·C × parameters]. Memory P·C × parameters: for tests and small nets.
  Matrix jacobian(const VectorView& theta, const MatrixView& x) const;

 private:
  Spec spec_;
  int dimension_, outputs_;
  Index count_ = 0;
  std::vector<Tensor> tensors_;
  std::vector<Convolution> convolutions_;
};

/// Largest eigenvalue of χ·J R Jᵀ on the rows of x, over all outputs, with R the rate factors of the tensors: the
/// empirical NTK Θ (without 1/χ) by Lanczos iteration with J v and Jᵀ u; memory stays at the size of a forward pass.
/// relative: tolerance of the eigenvalue. Throws NumericalError where Θ is not finite.
double ntk_top(const Network& network, const VectorView& theta, const MatrixView& x, double relative = 1e-3);

/// Largest eigenvalue of √R H √R, with H the Hessian of ½ Σ (f − label)² on the rows of x, label [P·C], and R the rate
/// factors:
/// gradient descent with rate η is stable where it is below 2/η. Lanczos iteration with products by central differences
/// of the gradient (relative error some 1e-9 for smooth activations; kinks have no curvature). Memory 200 parameter
/// vectors. Throws NumericalError where a gradient is not finite.
double hessian_top(const Network& network, const VectorView& theta, const MatrixView& x, const VectorView& label,
                   double relative = 1e-3);

}  // namespace fieldscan::network
