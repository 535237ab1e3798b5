#include "populations.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fieldscan/core/solve/solved.hpp"

namespace fieldscan::theory {

namespace {

/// Spacing and radius of nodes by the number of directions; a rule is believed where a coarser one says the same.
struct BallRule {
  double spacing, radius;
};
constexpr std::array<BallRule, 3> ball_rules = {BallRule{0.05, 8.5}, BallRule{0.1, 8.5}, BallRule{0.22, 7.5}};
constexpr double coarser = 1.2, rule_agrees = 1e-6;
constexpr Index most_rule_directions = 2;

bool is_linear(const network::ActivationChoice& activation) {
  return std::holds_alternative<network::Linear>(activation);
}
/// Analytic, and growing no faster than linearly: nodes far out stay where they are.
bool is_smooth(const network::ActivationChoice& activation) {
  using namespace network;
  if (std::holds_alternative<Combination>(activation))
    return all_parts_are<Linear, Erf, Tanh, Gelu, Swish, Sin, Cos>(activation);
  return all_parts_are<Erf, Tanh, Gelu, Swish, Sin, Cos>(activation);
}
UnitSample rule_units(const FeatureProblem& problem, double coarseness) {
  const Index rank = problem.train_root.cols();
  if (is_linear(problem.spec.activation)) return second_moment_units(rank);
  const BallRule& ball = ball_rules.at(static_cast<std::size_t>(rank));
  return product_units_in_ball(rank, coarseness * ball.spacing, ball.radius);
}

std::vector<FeatureState> by_rule(const FeatureProblem& problem, const std::vector<std::int64_t>& steps,
                                  double& residual) {
  std::vector<FeatureState> out = follow_units(problem, rule_units(problem, 1), steps);
  if (is_linear(problem.spec.activation) || out.empty()) return out;
  const std::vector<FeatureState> check = follow_units(problem, rule_units(problem, coarser), steps);
  const std::size_t last = std::min(out.size(), check.size()) - 1;
  const double change = (out[last].train - check[last].train).norm() / (1e-300 + problem.label.norm());
  if (!(change <= rule_agrees))
    throw solve::NotConverged(
        fmt::format("the rule over units is off by {:.1e} after {} steps: units spread too far; `averages: sampled` "
                    "takes them from samples",
                    change, steps[last]));
  residual = change;
  return out;
}

/// What a population of so many pairs says, `follow(first, count)`, freed of its bias by its two halves.
template <class Follow>
std::vector<FeatureState> with_halves(Index pairs, Follow&& follow) {
  std::vector<FeatureState> all = follow(Index{0}, pairs);
  const auto first = follow(Index{0}, pairs / 2), second = follow(pairs - pairs / 2, pairs / 2);
  all.resize(std::min({all.size(), first.size(), second.size()}));
  for (std::size_t k = 0; k < all.size(); ++k) all[k] = without_bias(all[k], first[k], second[k]);
  return all;
}

/// Of one hidden layer.
std::vector<FeatureState> by_units(const FeatureProblem& problem, const std::vector<std::int64_t>& steps, Index pairs,
                                   const Stream& stream) {
  Matrix normals(pairs, 1 + problem.train_root.cols()),
      own(problem.test_own.size() > 0 ? pairs : 0, problem.test_own.size());
  stream.normals({normals.data(), static_cast<std::size_t>(normals.size())});
  stream.normals({own.data(), static_cast<std::size_t>(own.size())}, static_cast<std::uint64_t>(normals.size()));
  const Moments moments = moments_of(pairs / 2, normals.cols());
  return with_halves(pairs, [&](Index first, Index count) {
    const Index own_count = own.rows() > 0 ? count : 0, own_first = own.rows() > 0 ? first : 0;
    return follow_units(
        problem, paired_units(normals.middleRows(first, count), own.middleRows(own_first, own_count), moments), steps);
  });
}

/// Of several.
std::vector<FeatureState> by_layers(const FeatureProblem& problem, const std::vector<std::int64_t>& steps, Index pairs,
                                    const Stream& stream, Responses responses) {
  const LayerNoise noise = layer_noise(problem, steps.back(), pairs, stream);
  return with_halves(pairs, [&](Index first, Index count) {
    return follow_layers(problem, part_of(noise, first, count), steps, responses);
  });
}

}  // namespace

bool has_unit_rule(const KernelSpec& spec, double rank) {
  return spec.depth == 1 &&
         (is_linear(spec.activation) || (is_smooth(spec.activation) && rank <= most_rule_directions));
}

Trajectories rule_trajectory(const FeatureProblem& problem, const std::vector<std::int64_t>& steps, double& residual) {
  residual = 0;
  return {by_rule(problem, steps, residual)};
}

Trajectories sampled_trajectories(const FeatureProblem& problem, const std::vector<std::int64_t>& steps, int samples,
                                  const Stream& stream, Responses responses) {
  Trajectories all;
  const bool deep = problem.spec.depth > 1;
  const int count = deep ? layer_populations : unit_populations;
  for (int b = 0; b < count; ++b) {
    const Stream own(stream.key(), Purpose::theory, "population", static_cast<std::uint64_t>(b), 0);
    all.push_back(deep ? by_layers(problem, steps, samples / count, own, responses)
                       : by_units(problem, steps, samples / count, own));
  }
  return all;
}

}  // namespace fieldscan::theory
