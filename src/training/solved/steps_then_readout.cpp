#include "fieldscan/training/solved/steps_then_readout.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "../descent/descent.hpp"
#include "../descent/loss.hpp"
#include "../keep/keep.hpp"
#include "../replica.hpp"
#include "solved_network.hpp"

namespace fieldscan::training {

namespace {

/// How many of the first training points the steps see, and from which on the readout is solved.
struct Shares {
  Index steps = 0, first = 0;
};
Shares shares_of(const StepsThenReadout& trainer, Index points) {
  if (trainer.points.is_word()) return {.steps = points, .first = 0};
  return {.steps = trainer.points.number(), .first = trainer.points.number()};
}

}  // namespace

std::optional<std::string> StepsThenReadout::problem(const Setting& setting) const {
  if (setting.network.train == network::Trained::readout)
    return "its steps move the hidden layers: set `network.train: all`, or use exact_readout for layers as they are "
           "drawn";
  if (setting.network.train == network::Trained::hidden)
    return "the readout is solved and can not stay as it is: set `network.train: all`; it keeps its start during the "
           "steps";
  if (auto wrong = solving_problem(setting, kind)) return wrong;
  if (!points.is_word() && points.number() >= data::train_points(setting.data))
    return fmt::format(
        "the steps see {} of {} training points, none are left for the readout: fewer `points`, a larger "
        "`data.train_size`, or `points: all`",
        points.number(), data::train_points(setting.data));
  return std::nullopt;
}

Cost StepsThenReadout::cost(const Setting& setting, const Sizes& sizes) const {
  const double seen = points.is_word() ? sizes.train : points.number();
  return {.seconds = steps * gradient_seconds(sizes, seen) + forward_seconds(sizes, sizes.train) +
                     readout_seconds(sizes, setting.ridge),
          .bytes = replica_bytes(sizes),
          .threads = threads_of(std::min(sizes.train, sizes.width))};
}

Result StepsThenReadout::train(const Problem& problem, const ObservePlan& plan) const {
  const data::Sample& set = problem.data.train;
  const network::Network network(problem.network, static_cast<int>(set.x.cols()), output_count(problem));
  const network::Network moving = with_rates(network, RateFactors{.readout = 0});
  const Vector start = start_of(problem, network);
  const Shares shares = shares_of(*this, set.x.rows());
  std::vector<Index> seen(static_cast<std::size_t>(shares.steps));
  std::iota(seen.begin(), seen.end(), Index{0});
  Loss loss(problem, moving, start, shares.steps);
  HeavyBall ball(moving, 0, 0, {});
  Vector theta = start, gradient(start.size());
  std::int64_t step = 0;
  take_up_state(problem, [&](FlatReader& in) {
    step = in.get<std::int64_t>();
    get_matrix(in, theta);
  });
  for (; step < steps; ++step) {
    keep_state(problem, [&](FlatWriter& out) {
      out.put(step);
      put_matrix(out, theta);
    });
    loss.rows(theta, seen, gradient);
    ball.step(learning_rate, gradient, theta);
  }
  if (!network.evaluate(theta, set.x).allFinite())
    return Recorder(problem, network, plan, start)
        .finish(steps, equilibrium, Outcome::diverged, "the features are not finite after the steps");
  const Index rest = set.x.rows() - shares.first;
  const RidgeReadout solved = solve_into(problem, network, set.x.bottomRows(rest), set.label.bottomRows(rest), theta);
  return record_solved(problem, network, plan, start, theta, solved, steps);
}

}  // namespace fieldscan::training
