#include "pool_influence.hpp"

namespace fieldscan::theory {

PoolInfluence::PoolInfluence(const PoolExpansion& modes, double points, double ridge)
    : modes_(modes),
      points_(points),
      ridge_(ridge),
      count_(static_cast<double>(modes.eigenvalue.size())),
      rank_(static_cast<double>((modes.eigenvalue.array() > 0).count())),
      least_squares_(ridge == 0 && rank_ <= points) {
  const Eigen::ArrayXd lambda = modes.eigenvalue.array();
  change_ = Eigen::ArrayXd::Zero(lambda.size());
  if (least_squares_) {
    w_ = (lambda > 0).select(Eigen::ArrayXd::Zero(lambda.size()), 1.0);
    return;
  }
  c_ = matched_ridge(modes.eigenvalue, points, ridge);
  w_ = c_ / (lambda + c_);
  const Matrix squares = modes.vectors.cwiseAbs2();
  const auto diagonal = [&](const Eigen::ArrayXd& f) { return (squares * f.matrix()).array().eval(); };
  const Eigen::ArrayXd first = diagonal(w_), second = diagonal(w_.square()), third = diagonal(w_.cube());
  const Eigen::ArrayXd mean = (second - first) / count_;
  const double mean_by_ridge = (w_ * (1 - w_)).mean() / c_;
  // M (1 − ⟨ŵ⟩) + κ ⟨ŵ⟩/c = P.
  const double slope = (ridge / c_ - count_) * mean_by_ridge - ridge * w_.mean() / (c_ * c_);
  change_ = -(ridge / c_ - count_) * mean / slope;
  base_.c = {c_, change_};
  base_.mean = with_ridge(w_.mean(), mean, mean_by_ridge);
  base_.square =
      with_ridge(w_.square().mean(), 2 * (third - second) / count_, 2 * (w_.square() * (1 - w_)).mean() / c_);
  base_.log_sum = with_ridge((lambda + c_).log().sum(), 1 - first, w_.sum() / c_);
}

Influenced PoolInfluence::with_ridge(double value, const Eigen::ArrayXd& own, double by_ridge) const {
  return {value, own + by_ridge * change_};
}

PoolSums<Influenced> PoolInfluence::sums(const VectorView& power, const Eigen::ArrayXd& own, const Eigen::ArrayXd& once,
                                         const Eigen::ArrayXd& product) const {
  PoolSums<Influenced> out = base_;
  const Eigen::ArrayXd p = power.array();
  const double per_ridge = least_squares_ ? 0 : 1 / c_;
  out.power = {p.sum(), own / count_};
  out.once = with_ridge((p * w_).sum(), once / count_, per_ridge * (p * w_ * (1 - w_)).sum());
  out.twice = with_ridge((p * w_.square()).sum(), (2 * product - once) / count_,
                         2 * per_ridge * (p * w_.square() * (1 - w_)).sum());
  return out;
}

PoolSums<Influenced> PoolInfluence::of(const VectorView& function) const {
  const Vector amplitude = modes_.vectors.transpose() * function;
  const Eigen::ArrayXd r = (modes_.vectors * w_.matrix().cwiseProduct(amplitude)).array();
  const Eigen::ArrayXd q = (modes_.vectors * w_.square().matrix().cwiseProduct(amplitude)).array();
  return sums(amplitude.cwiseAbs2() / count_, function.array().square(), r.square(), q * r);
}

PoolSums<Influenced> PoolInfluence::of_initial() const {
  // W K U, of which (W K W)_ii and (W K W²)_ii are sums over the rows of U.
  const Matrix& u = modes_.vectors;
  const Matrix filtered = u * (w_.matrix().asDiagonal() * (u.transpose() * modes_.initial_image)).eval();
  const Eigen::ArrayXd once = (filtered.cwiseProduct(u) * w_.matrix()).array();
  const Eigen::ArrayXd product = (filtered.cwiseProduct(u) * w_.square().matrix()).array();
  const Eigen::ArrayXd own = modes_.initial_image.cwiseProduct(u).rowwise().sum().array();
  return sums(modes_.initial, own, once, product);
}

PoolNumbers<Influenced> PoolInfluence::numbers(const PoolSums<Influenced>& sums, double noise_variance) const {
  return least_squares_ ? least_squares_numbers(sums, rank_, points_, noise_variance)
                        : pool_numbers(sums, count_, points_, ridge_, noise_variance);
}

Influenced PoolInfluence::learnability(const PoolSums<Influenced>& sums) const {
  return least_squares_ ? 1 - sums.once / sums.power : pool_learnability(sums);
}

Matrix PoolInfluence::missed(const MatrixView& functions) const {
  return modes_.vectors * (w_.matrix().asDiagonal() * (modes_.vectors.transpose() * functions)).eval();
}

Influenced PoolInfluence::eigenvalue(Index k) const {
  const double value = modes_.eigenvalue[k];
  return {value, value * modes_.vectors.col(k).array().square()};
}

PoolSums<Influenced> sum_of(PoolSums<Influenced> first, const PoolSums<Influenced>& second, double factor) {
  first.power = first.power + factor * second.power;
  first.once = first.once + factor * second.once;
  first.twice = first.twice + factor * second.twice;
  return first;
}

}  // namespace fieldscan::theory
