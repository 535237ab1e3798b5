#pragma once
#include <variant>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/network/activation/erf.hpp"
#include "fieldscan/network/activation/linear.hpp"
#include "fieldscan/network/activation/relu.hpp"

/// One hidden layer of K units that learns M units of another from fresh examples, in the limit of many inputs d with K
/// and M fixed: its course in time is that of a few order parameters.
namespace fieldscan::theory {

/// Units whose integrals over four jointly normal pre-activations are known.
using CommitteeUnit = std::variant<network::Erf, network::Relu, network::Linear>;

/// Student f = Σ_k v_k φ(w_k·x/√d), teacher g = Σ_m ṽ_m φ(w̃_m·x/√d), x ~ N(0, 1).
struct Committee {
  Matrix own;            ///< Q_ik = w_i·w_k/d [K × K]
  Matrix cross;          ///< R_im = w_i·w̃_m/d [K × M]
  Vector amplitude;      ///< v [K]
  Matrix teacher;        ///< T_mn = w̃_m·w̃_n/d [M × M]
  Vector teacher_share;  ///< ṽ [M]
};

/// ⟨(f − g)²⟩ over fresh inputs, without the noise of labels.
double committee_error(const CommitteeUnit& unit, const Committee& state);

/// How steps move weights: w_k ← w_k + (η/√d) Σ v_k φ′(λ_k) δ x, v_k ← v_k + (η_v/d) Σ φ(λ_k) δ over a few examples,
/// δ = g + σζ − f.
struct CommitteeRates {
  double drift = 0;           ///< examples of a step times η
  double noise = 0;           ///< examples of a step times η²; 0 drops what single examples add to Q
  double amplitude = 0;       ///< examples of a step times η_v
  double label_variance = 0;  ///< σ²
};

/// Time derivatives of Q, R and v, time being steps/d:
///
///     dR_im/dt = η v_i Σ_a e_a I3(i, m, a),   dv_i/dt = η_v Σ_a e_a I2(i, a)
///     dQ_ik/dt = η [v_i Σ_a e_a I3(i, k, a) + v_k Σ_a e_a I3(k, i, a)] + η² v_i v_k [Σ_ab e_a e_b I4(i, k, a, b) + σ²
///     J2(i, k)]
///
/// with e = (−v, ṽ), I2 = ⟨φ_a φ_b⟩, J2 = ⟨φ′_i φ′_k⟩, I3(i, j, k) = ⟨φ′_i u_j φ_k⟩, I4(i, j, k, l) = ⟨φ′_i φ′_j φ_k
/// φ_l⟩. Sources: D. Saad, S. Solla, Physical Review E 52 (1995); S. Goldt et al., NeurIPS (2019); I4 of rectifiers:
/// derived, see relu_integrals.cpp.
struct CommitteeSlope {
  Matrix own, cross;
  Vector amplitude;
};
CommitteeSlope committee_slope(const CommitteeUnit& unit, const Committee& state, const CommitteeRates& rates);

/// The four integrals by themselves; C: covariance of the pre-activations, of all units of both networks.
double integral_pair(const CommitteeUnit& unit, const MatrixView& c, Index i, Index k);
double integral_slopes(const CommitteeUnit& unit, const MatrixView& c, Index i, Index k);
double integral_drive(const CommitteeUnit& unit, const MatrixView& c, Index i, Index j, Index k);
double integral_noise(const CommitteeUnit& unit, const MatrixView& c, Index i, Index j, Index k, Index l);

}  // namespace fieldscan::theory
