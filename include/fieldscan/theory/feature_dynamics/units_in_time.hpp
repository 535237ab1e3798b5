#pragma once
#include "fieldscan/core/random.hpp"
#include "fieldscan/core/solve/quadrature.hpp"
#include "fieldscan/theory/feature_dynamics/feature_problem.hpp"

/// One hidden layer: its units in time, each in the field of all others (McKean–Vlasov).
namespace fieldscan::theory {

/// Units at the start: readout a and normals z. Averages are weighted sums over them.
struct UnitSample {
  Vector readout;        ///< a [n]
  Matrix normals;        ///< z [n × rank]
  Vector weight;         ///< [n], their sum is 1
  Matrix own;            ///< ξ of the test points [n × P*]; empty where a rule averages over it
  solve::Rule own_rule;  ///< of one normal variable
};

/// Normals as they are drawn, or made to have second moments of exactly one and zero: that takes off most of the noise,
/// where there are at least four times as many rows as columns.
enum class Moments { drawn, exact };
Moments moments_of(Index rows, Index columns);
Matrix with_moments(const MatrixView& normals, Moments moments);
/// Further columns beside normals with these moments, each of which is to have such moments together with them, and
/// nothing to do with the other columns.
Matrix beside(const MatrixView& columns, const MatrixView& normals, Moments moments);

/// Pairs (a, z), (−a, z), so that f vanishes at the start to the bit, whatever γ₀, from rows (a, z) of normals
/// [pairs × 1 + rank]. own [pairs × P*], or empty.
UnitSample paired_units(const MatrixView& normals, const MatrixView& own, Moments moments);

/// Of linear units: nodes whose second moments are exact, and nothing else is needed.
UnitSample second_moment_units(Index rank);

/// Nodes in equal steps inside a ball |(a, z)| ≤ radius: the error falls faster than any power of the step where the
/// activation is analytic.
UnitSample product_units_in_ball(Index rank, double spacing, double radius);

/// Units that descend together. A step takes the residual Δ from outside: to follow the theory it is y − output().
///
///     u_c ← β u_c + e Δ∘aφ′(h) − p c,  c ← c + u_c,  h = start·U z + K c;   the same of a, with e φ(h)·Δ
///
/// c [n × P] is what the units have learned; the test points are formed from it when they are asked for. Work n (P² +
/// 2 P activations) a step, in blocks of units.
class UnitsInTime {
 public:
  UnitsInTime(const FeatureProblem& problem, const UnitSample& sample);
  void step(const Vector& residual);
  const Vector& output() const { return output_; }  ///< f on the training set
  FeatureState state() const;                       ///< with test points and kernels
  Vector test_output() const;
  /// a φ(h)/g of every unit at the training points [n × P], and at the test points [n × P*]; where a rule averages over
  /// what a test point has beside z, that part is left out.
  Matrix unit_outputs() const;
  Matrix unit_test_outputs() const;

 private:
  Matrix test_fields(std::size_t block) const;
  struct Block {
    Index first = 0;
    Matrix start;              ///< U z [n × P]
    Matrix learned, velocity;  ///< c and its velocity [n × P]
    Vector readout, readout_learned, readout_velocity;
    Matrix phi, slope;  ///< φ(h), φ′(h)
  };
  void evaluate();
  const FeatureProblem* problem_;
  const UnitSample* sample_;
  std::vector<Block> blocks_;
  double start_ = 1, start_velocity_ = 0;
  Vector output_;
};

/// States after the steps asked for, ascending; fewer where the descent diverges before.
std::vector<FeatureState> follow_units(const FeatureProblem& problem, const UnitSample& sample,
                                       const std::vector<std::int64_t>& steps);

}  // namespace fieldscan::theory
