#pragma once
#include <span>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/network/spec.hpp"
#include "fieldscan/theory/kernel/kernel_kind.hpp"

/// The kernels of an infinitely wide fully connected network.
namespace fieldscan::theory {

/// What the kernels of a network depend on: everything of it but width, χ and rates.
struct KernelSpec {
  int depth = 1;  ///< hidden layers L
  network::ActivationChoice activation = network::Erf{};
  PerLayer<double> weight_variance = 1;  ///< σ_w² of hidden layer l
  PerLayer<double> bias_variance = 0;    ///< σ_b² of hidden layer l
  double readout_variance = 1;           ///< σ_a²

  static auto fields() {
    return std::tuple{
        field("depth", &KernelSpec::depth, "number of hidden layers L", at_least(1)),
        field("activation", &KernelSpec::activation, "nonlinearity φ of the hidden layers"),
        field("weight_variance", &KernelSpec::weight_variance, "σ_w² of the hidden layers", positive()),
        field("bias_variance", &KernelSpec::bias_variance, "σ_b² of the hidden layers", non_negative()),
        field("readout_variance", &KernelSpec::readout_variance, "σ_a²", positive()),
    };
  }
  bool operator==(const KernelSpec&) const = default;
};

/// The part of a network that the kernels depend on; a list of equal values becomes one value, so that the text is the
/// same.
KernelSpec kernel_spec(const network::Spec& spec);

/// The kernel of the output at initialisation and the tangent kernel, without 1/χ.
struct Kernels {
  Matrix nngp;     ///< K [points × points]
  Matrix tangent;  ///< Θ of all parameters
};
/// Their values K(x, x), Θ(x, x).
struct KernelDiagonal {
  Vector nngp;
  Vector tangent;
};

/// K and Θ of a fully connected network with L hidden layers of infinite width,
///
///     K¹ = σ_w² x·x′/d + σ_b²,                          Θ¹ = K¹
///     Kˡ⁺¹ = σ_w² ⟨φφ⟩(Kˡ) + σ_b²,                      Θˡ⁺¹ = Kˡ⁺¹ + σ_w² ⟨φ′φ′⟩(Kˡ) Θˡ
///     K = σ_a² ⟨φφ⟩(K^L),                               Θ = K + σ_a² ⟨φ′φ′⟩(K^L) Θ^L
///
/// with the Gaussian averages of the activation; σ_w², σ_b² on the right of Kˡ⁺¹ are those of layer l + 1. The first
/// form takes one set of points x [P × d], computes half of the matrix and mirrors it; its diagonal comes from
/// `average_equal`: where the diagonal of K and the variances differ by one rounding, the angle of a rectifier is 1e-8
/// instead of 0, and so is the relative error of Θ. The second takes two sets [P × d], [Q × d] and gives [P × Q].
/// Points that are equal, number by number, have equal rows and columns, and the diagonal's value among themselves, in
/// both forms; of points within 2e-6 of one another (relative to |x|² + d σ_b²/σ_w²) the angle comes from their
/// difference, to 1e-11. Valid for every activation whose averages are finite, any d ≥ 1. Deterministic; one dispatch
/// on the activation per block of pairs. Source: J. Lee et al., "Deep neural networks as Gaussian processes", ICLR
/// (2018); A. Jacot, F. Gabriel, C. Hongler, "Neural tangent kernel", NeurIPS (2018).
Kernels kernels(const KernelSpec& spec, const MatrixView& x);
Kernels kernels(const KernelSpec& spec, const MatrixView& x, const MatrixView& other);
KernelDiagonal kernel_diagonal(const KernelSpec& spec, const MatrixView& x);

/// One of them alone, in the one matrix that is returned: K¹ is formed there, overwritten block by block, and mirrored
/// in place. `tangent_kernel` is that of the trained parameters (`tangent_of`). Throws EnvironmentError where the
/// matrix does not fit into the machine's memory, as the other forms do.
Matrix nngp_kernel(const KernelSpec& spec, const MatrixView& x);
Matrix nngp_kernel(const KernelSpec& spec, const MatrixView& x, const MatrixView& other);
Matrix tangent_kernel(const KernelSpec& spec, network::Trained train, const MatrixView& x);
Matrix tangent_kernel(const KernelSpec& spec, network::Trained train, const MatrixView& x, const MatrixView& other);

/// Bytes of one kernel matrix; what is needed beside it does not grow as rows × columns.
double kernel_bytes(double rows, double columns);

/// The kernels on the sphere |x|² = d, where they are functions of the cosine t = x·x′/d alone: K(t_k), Θ(t_k).
KernelDiagonal kernel_of_cosine(const KernelSpec& spec, const VectorView& cosine);

/// The tangent kernel of the trained parameters: Θ of all of them, K where only the readout is trained, Θ − K where
/// only the hidden layers are.
Matrix tangent_of(network::Trained train, const Kernels& kernels);
Vector tangent_of(network::Trained train, const KernelDiagonal& kernels);

}  // namespace fieldscan::theory
