#pragma once
#include <optional>

#include "fieldscan/core/random.hpp"
#include "fieldscan/theory/feature_dynamics/layer_tangent.hpp"
#include "fieldscan/theory/feature_dynamics/units_in_time.hpp"

/// Several hidden layers: dynamical mean-field theory, marched forwards in time.
namespace fieldscan::theory {

/// How the responses are formed: from the Jacobian of every unit; as controls from less of it; or by Stein's lemma from
/// correlations with the noise, ⟨∂x/∂n⟩ = ⟨x nᵀ⟩⟨n nᵀ⟩⁻¹, in n² numbers instead of n² for every unit. The latter has
/// the errors of these averages, some √(n/units) in a pre-activation, and no φ″: rectifiers keep their kink.
enum class Responses { all, without_equal_time, none, by_correlations };

/// The normals of one population, [pairs × columns] for each layer: of u, the first layer's z and the others' one for
/// each place; of r, one for each place, of the last layer one in all. `own` of the test points in each layer: of the
/// first one [pairs × P*] or nothing, of the others [pairs × 1].
struct LayerNoise {
  std::vector<Matrix> forward, backward, own;
  Moments moments = Moments::drawn;
};
LayerNoise layer_noise(const FeatureProblem& problem, Index steps, Index pairs, const Stream& stream);
/// A part of the pairs.
LayerNoise part_of(const LayerNoise& noise, Index first, Index pairs);

/// L hidden layers of infinite width. With places as in `LayerTangent`, Cˡ = σ_w² Φˡ⁻¹ + σ_b², Φ = ⟨φφ⟩, Dˡ = σ_w²
/// Gˡ⁺¹, G = ⟨gg⟩ (C¹ = K¹, D^L = 1), m the memory of the descent, s = start:
///
///     hˡ(t) = s(t) [uˡ(t) + Σ_{t′<t} σ_w² Aˡ⁻¹(t, t′) gˡ(t′)] + e Σ_{t′<t} m(t − t′) Cˡ(t, t′) Δ(t′) gˡ(t′),  u ~ (0,
///     C) zˡ(t) = s(t) [rˡ(t) + Σ_{t′≤t} σ_w² Bˡ(t, t′) φ(t′)] + e Σ_{t′<t} m(t − t′) Dˡ(t, t′) Δ(t′) φ(t′),      r ~
///     (0, D) Aˡ(t, t′) = ⟨∂φ(hˡ(t))/∂rˡ(t′)⟩,  Bˡ(t, t′) = ⟨∂gˡ⁺¹(t)/∂uˡ⁺¹(t′)⟩,  f(t) = ⟨z^L φ(h^L)⟩/g
///
/// Everything at t follows from what is before it, upwards through the layers and down again: no iteration. B(t, t) =
/// ⟨φ″ z⟩ is zero at the start and not later. Units come in pairs (u, r), (u, −r). φ″ of a rectifier, a δ function, is
/// widened to 0.2 of the standard deviation of h; of others it is a difference of φ′. Source: B. Bordelon, C. Pehlevan,
/// NeurIPS (2022), here for descent in steps, with momentum, ridge and variances.
class LayersInTime {
 public:
  LayersInTime(const FeatureProblem& problem, const LayerNoise& noise, Index steps, Responses responses);
  /// Step t: everything at t from Δ before it. To be called with t = 0, 1 …
  void march();
  const Vector& output() const { return output_; }  ///< f on the training set at the last step
  FeatureState state() const;                       ///< with test points and kernels
  Vector test_output() const;

  static double bytes(double units, double points, double steps, double depth, Responses responses);

 private:
  struct Layer {
    Matrix forward, backward;     ///< normals of u and r, with their mirror images [units × …]
    Matrix own;                   ///< those of the test points
    Matrix h;                     ///< at this step [units × P]
    Matrix phi, slope, g;         ///< [units × places]
    Matrix covariance, root;      ///< C and its factor [places × places]
    Matrix gradients, back_root;  ///< G, and the factor of D
    Matrix answer_phi, answer_g;  ///< A of this layer; B of the layer below: this one's ⟨∂g/∂u⟩; at this step
    std::optional<LayerTangent> by_forward, by_backward;
  };
  void add_layer(std::size_t number, Index steps);
  void go_up(std::size_t number);
  void go_down(std::size_t number);
  double jitter() const;
  Matrix answers_to_gradients(const Layer& layer, const MatrixView& x) const;
  Matrix learned(const MatrixView& kernel, Index places) const;
  double weight_variance(std::size_t number) const;
  double bias_variance(std::size_t number) const;

  const FeatureProblem* problem_;
  const LayerNoise* noise_;
  Responses responses_;
  DescentMemory memory_;
  Index points_, step_ = -1;
  Vector residual_;  ///< Δ at all places [n]
  Vector output_;
  Vector top_;  ///< z of the last layer, one number for all points [units]
  std::vector<Layer> layers_;
};

/// States after the steps asked for, ascending; fewer where the descent diverges before.
std::vector<FeatureState> follow_layers(const FeatureProblem& problem, const LayerNoise& noise,
                                        const std::vector<std::int64_t>& steps, Responses responses = Responses::all);

}  // namespace fieldscan::theory
