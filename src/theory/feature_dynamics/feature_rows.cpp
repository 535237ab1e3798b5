#include "feature_rows.hpp"

#include <algorithm>
#include <cmath>

#include "../sampled_predictor.hpp"

namespace fieldscan::theory {

namespace {

PopulationEstimate of_estimates(const Vector& each) {
  const auto n = static_cast<double>(each.size());
  if (n < 2) return {each.mean(), 0};
  return {each.mean(), std::sqrt((each.array() - each.mean()).square().sum() / (n - 1) / n)};
}

/// ⟨(f − y)²⟩ of the mean over the columns, free of its own noise.
PopulationEstimate square_distance(const Matrix& estimates, const Vector& y) {
  const auto n = static_cast<double>(estimates.cols()), points = static_cast<double>(y.size());
  const Vector mean = estimates.rowwise().mean(), slope = 2 / points * (mean - y);
  PopulationEstimate out{.value = (mean - y).squaredNorm() / points};
  if (n < 2) return out;
  const Matrix away = estimates.colwise() - mean;
  out.standard_error = std::sqrt((slope.transpose() * away).squaredNorm() / (n - 1) / n);
  out.value -= away.squaredNorm() / points / (n - 1) / n;
  return out;
}

template <class Of>
PopulationEstimate of_all(const Trajectories& all, Of&& of) {
  Vector each(std::ssize(all));
  for (Index b = 0; b < each.size(); ++b) each[b] = of(all[static_cast<std::size_t>(b)]);
  return of_estimates(each);
}

template <class Of>
Matrix columns(const Trajectories& all, Of&& of) {
  Matrix out(of(all.front()).size(), std::ssize(all));
  for (Index b = 0; b < out.cols(); ++b) out.col(b) = of(all[static_cast<std::size_t>(b)]);
  return out;
}

}  // namespace

std::size_t reached(const Trajectories& all) {
  std::size_t least = all.front().size();
  for (const auto& one : all) least = std::min(least, one.size());
  return least;
}

Matrix mean_tangent(const Trajectories& all, std::size_t k) {
  Matrix sum = all.front()[k].tangent;
  for (std::size_t b = 1; b < all.size(); ++b) sum += all[b][k].tangent;
  return sum / static_cast<double>(all.size());
}

PopulationEstimate initial_share(const Trajectories& all, double readout_variance, double chi,
                                 const VectorView& label) {
  const double power = label.squaredNorm() / static_cast<double>(label.size());
  return of_all(all, [&](const std::vector<FeatureState>& path) {
    const double initial = readout_variance * path.front().hidden.back().diagonal().mean() / chi;
    return initial > 0 ? initial / (power + initial) : 0.0;
  });
}

void write_feature_state(Result& result, const Trajectories& all, std::size_t k, double time, Flag flag,
                         const data::Draw& draw) {
  using enum Observable;
  using Path = std::vector<FeatureState>;
  const Matrix test = columns(all, [&](const Path&path) -> const Vector& { return path[k].test; }),
               train = columns(all, [&](const Path&path) -> const Vector& { return path[k].train; });
  if (test.cols() > 1)
    write_sampled_predictor(result, flag, test, draw, time);
  else
    Writer(result, time, flag).predictor(test, draw);
  Writer writer(result, time, flag);
  const Vector label = data::one_output(draw.train.label);
  const auto row = [&](Observable observable, const PopulationEstimate& estimate) {
    writer.row(observable, estimate.value, 0, estimate.standard_error);
  };
  row(error_test, square_distance(test, data::one_output(draw.test.target)));
  row(error_train, square_distance(train, label));
  row(alignment, of_all(all, [&](const Path& path) {
        const Matrix& kernel = path[k].tangent;
        const double size = label.squaredNorm() * kernel.norm();
        return size > 0 ? label.dot(kernel * label) / size : 0.0;
      }));
  row(kernel_change, of_all(all, [&](const Path& path) {
        const Matrix& first = path.front().tangent;
        const double size = first.norm();
        return size > 0 ? (path[k].tangent - first).norm() / size : 0.0;
      }));
}

}  // namespace fieldscan::theory
