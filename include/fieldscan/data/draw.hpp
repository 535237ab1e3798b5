#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/matrix.hpp"
#include "fieldscan/data/pool.hpp"
#include "fieldscan/data/spec.hpp"

namespace fieldscan::data {

/// One part of a data draw. Rows are points; the C outputs are columns.
struct Sample {
  Matrix x = {};       ///< [points × d]
  Matrix target = {};  ///< clean target g [points × C]
  Matrix label = {};   ///< what training sees: g + noise; on the test set g, on the validation set noisy [points × C]
  /// Components of the target, g = Σ_k g_k (levels, Hermite orders, monomials, frequencies …), one column each
  /// [points·C × modes], outputs point by point as in `flat`; zero columns where the target has no named components.
  Matrix modes = {};
};

/// The column of a target, of labels or of a predictor [points × 1] where C must be 1, because what follows is known of
/// one output alone. Throws NumericalError where it is not.
inline Matrix::ConstColXpr one_output(const Matrix& values) {
  if (values.cols() != 1) throw NumericalError("this is known of one output, and the target has several");
  return values.col(0);
}
Matrix::ConstColXpr one_output(Matrix&&) = delete;  // nothing would be left of it

/// Targets or labels [points × C] as networks have their outputs: point by point, f_μc at μ C + c [points·C].
inline Vector flat(const Matrix& values) { return values.reshaped<Eigen::RowMajor>(); }

/// A data draw r: training, test and validation set. Size P is the first P rows of the draw, for every P.
struct Draw {
  Sample train = {}, test = {}, validation = {};
  std::vector<double> mode_numbers = {};  ///< the coordinate of each column of `modes` (the level, the order, …)
  Matrix directions = {};  ///< unit vectors w* that the target looks along, one per row; see `directions`
  Units units = {};        ///< of a target that is a network of one hidden layer
};

/// The data of draw r. Deterministic: keyed by (seed, purpose, the fields that purpose depends on, r).
///
///     inputs           the input's fields and r; training, test and validation set each have a stream of their own
///     target function  the target's kind, one per seed; with `draw: each` also r
///     label noise      r and the row: σ times the same normals for every σ, target and input
///     file rows        a permutation of the pool keyed by its content, classes and r: training rows from its front,
///                      validation rows from its end; test rows by a permutation of the held-out part
///     exact test set   x_k = √(d Λ_kk) e_k: the mean of a square of a linear function over these is its mean over all
///                      inputs
///     shared test set  that of draw 0
///     shuffled labels  for a file by a permutation of the training pool's labels keyed by r; otherwise the label of a
///                      row is the target at an independent input
///
/// Throws EnvironmentError for files that are missing, malformed or too small, and NumericalError for a target that can
/// not be normalised. `train_size: online` gives an empty training set.
Draw make_draw(const Spec& spec, std::uint64_t seed, std::int64_t draw);
/// The same with a pool that is kept between draws, from load_pool(spec).
Draw make_draw(const Spec& spec, const std::shared_ptr<const Pool>& pool, std::uint64_t seed, std::int64_t draw);

/// The pool of a file; empty for other inputs.
std::shared_ptr<const Pool> load_pool(const Spec& spec);

/// Fills what the input's file tells (content key, dimension, counts), once: identities and sizes then need no further
/// reading. Throws EnvironmentError where files are missing or malformed.
void resolve(Spec& spec, const std::filesystem::path& folder = {});

/// Dimension d of the inputs (for a file: read from it).
int input_dimension(const Spec& spec);
/// Number of training points (for `whole`: the size of the set; for `online`: 0).
int train_points(const Spec& spec);
/// Number of test points (for `rest`: what the training set leaves, of a file the whole held-out part; for `exact`: d).
int test_points(const Spec& spec);

/// Number C of outputs that the target has, and so the networks; for the labels of a file read from it.
int output_count(const Spec& spec);

/// The share of its training rows that a draw has in common with another on average: P/pool for a file or an enumerated
/// set, else 0.
double expected_overlap(const Spec& spec);

/// Power ⟨g_l²⟩ of the target in every level l of spherical harmonics, where it is known: on the sphere for linear,
/// gegenbauer and hermite targets, and for the linear target also with normal inputs of covariance I (level 1). Of
/// several targets the sum over them.
///
/// Hermite: c_l = N(d,l) ⟨h(√d t) P_l(t)⟩² with Gauss quadrature over t = w·x/|x|, exact for polynomials.
std::optional<std::map<int, double>> power_per_level(const Spec& spec);

/// A sampler of fresh examples, for `train_size: online`: example k is a function of (seed, r, i) and k, however they
/// are grouped.
class OnlineSource {
 public:
  OnlineSource(const Spec& spec, std::uint64_t seed, std::int64_t draw, std::int64_t initialisation);
  Sample next(Index count);           ///< the next `count` examples
  void go_to(std::uint64_t example);  ///< the next one is this, counted from 0

 private:
  void refill();
  InputChoice input_;
  double noise_;
  std::int64_t draw_;
  Stream inputs_, label_noise_;
  TargetFunction function_;
  Sample buffer_ = {};          ///< a block of examples made at once
  Index used_ = 0;              ///< of the buffer
  std::uint64_t position_ = 0;  ///< number of the example after the buffer
};

}  // namespace fieldscan::data
