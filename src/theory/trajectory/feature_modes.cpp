#include "feature_modes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

#include "fieldscan/core/linear_algebra.hpp"

namespace fieldscan::theory {

namespace modes_of_features {

namespace {

constexpr double no_mode = 1e-12;       ///< eigenvalues below this share of the largest are rounding
constexpr double rows_for_a_mode = 10;  ///< below, second moments are those of the rows and not of the distribution

FeatureModes listed_modes(const ModeExpansion& modes) {
  return {.spectrum = modes.spectrum, .power = modes.target.on_modes, .first_number = modes.first_number};
}

FeatureModes of_rows(const PoolModes& pool, const ModesWanted& wanted) {
  const data::Draw draw = pool_rows(pool, wanted.points).draw;
  const Matrix& x = draw.train.x;
  const Vector target = data::one_output(draw.train.target);
  const auto rows = static_cast<double>(x.rows()), dimension = static_cast<double>(x.cols());
  const Eigenpairs pairs = eigenpairs(x.transpose() * x / rows);
  Index rank = 0;
  while (rank < pairs.values.size() && pairs.values[rank] > no_mode * pairs.values[0]) ++rank;
  const auto modes = static_cast<double>(rank);
  const Vector along = pairs.vectors.leftCols(rank).transpose() * (x.transpose() * target) / rows;
  const KernelDiagonal at = kernel_of_cosine(wanted.kernel, Vector::LinSpaced(2, 0, 1));
  FeatureModes out{.power = Vector(rank + 1), .known = rows >= rows_for_a_mode * modes};
  out.spectrum.eigenvalue = Vector::Zero(rank + 1);
  out.spectrum.eigenvalue.head(rank) = (at.nngp[1] - at.nngp[0]) / dimension * pairs.values.head(rank);
  out.spectrum.degeneracy = Vector::Ones(rank + 1);
  out.power.head(rank) = along.cwiseAbs2().cwiseQuotient(pairs.values.head(rank));
  const double total = target.squaredNorm() / rows, learned = out.power.head(rank).sum();
  out.power[rank] = std::max(total - learned, 0.0) / std::max(1 - modes / rows, 1 / rows);  // what the fit took of it
  out.remark = fmt::format(
      "from the second moments of the {} rows of the file; a share of {:.2g} of the labels is not linear in the "
      "inputs, and never learned",
      x.rows(), out.power[rank] / std::max(out.power.sum(), 1e-300));
  return out;
}

}  // namespace

}  // namespace modes_of_features

FeatureModes feature_modes(const ScalingDynamics::Modes& modes, const ModesWanted& wanted) {
  return std::visit(
      [&]<class M>(const M& choice) {
        if constexpr (std::is_same_v<M, PoolModes>)
          return modes_of_features::of_rows(choice, wanted);
        else
          return modes_of_features::listed_modes(expand(choice, wanted));
      },
      modes);
}

}  // namespace fieldscan::theory
