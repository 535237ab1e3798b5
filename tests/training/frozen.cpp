#include "../../src/training/sampling/chain.hpp"
#include "../../src/training/sampling/motion.hpp"
#include "exact_posterior.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;
using enum fieldscan::Observable;

namespace {

Case stiff_case(double ridge) {
  Case c = make_case(8, 5, 3, {.depth = 1, .width = 8, .activation = network::Erf{}});
  c.ridge = ridge;
  return c;
}

ObservePlan diagnosis_plan() {
  return plan_of({predictor, error_test, variance_posterior, rhat, ess, rhat_folded, ess_bulk, ess_tail, acceptance});
}

bool says(const Result& result, const std::string& words) { return result.reason.find(words) != std::string::npos; }

void check_flagged(const Result& result) {
  CHECK(result.outcome == Outcome::not_equilibrated);
  CHECK_FALSE(result.reason.empty());
  for (const Row& row : result.rows) CHECK(row.flag == Flag::not_equilibrated);
}

/// The record of a chain that went through these positions, one a column.
Result record_of(const Case& c, const Matrix& positions) {
  const Problem problem = c.problem();
  const ObservePlan plan = diagnosis_plan();
  const network::Network network(c.network, static_cast<int>(c.data.train.x.cols()));
  Posterior posterior(problem, network, Readout::integrated, Start::prior);
  ChainRecord record(problem, network, plan, positions.cols(), {});
  for (const auto& z : positions.colwise()) record.add(posterior, z);
  return record.finish({.acceptance = 0.5, .step_size = 0.1});
}

}  // namespace

TEST_CASE("motion counts positions, and coordinates that stand still", "[frozen]") {
  const Matrix z = normals(3, 100, 200);
  Motion moving, still, half, one, nothing;
  for (Index k = 0; k < 100; ++k) {
    moving.add(z.col(k));
    still.add(z.col(0));
    half.add(z.col(std::max<Index>(k, 50)));
    Vector part = z.col(k);
    part[1] = 0.5 * (1 + 1e-14 * static_cast<double>(k));
    one.add(part);
    nothing.add(Vector(0));
  }
  CHECK(moving.positions() == Approx(100));
  CHECK(moving.still() == 0);
  CHECK(still.positions() == Approx(1));
  CHECK(still.still() == 3);
  CHECK(half.positions() == Approx(100 * 100 / (51 * 51 + 49.0)));
  CHECK(half.still() == 0);
  CHECK(one.positions() == Approx(100));
  CHECK(one.still() == 1);
  CHECK(nothing.positions() == Approx(100));
  CHECK(nothing.still() == 0);
}

TEST_CASE("the state of a motion goes on with the same numbers", "[frozen]") {
  const Matrix z = normals(3, 20, 201);
  for (const Index change : {Index{1}, Index{12}}) {
    Motion whole, first;
    const auto at = [&](Index k) { return z.col(k < change ? 0 : k); };
    for (Index k = 0; k < 20; ++k) whole.add(at(k));
    for (Index k = 0; k < 10; ++k) first.add(at(k));
    FlatWriter out;
    first.put(out);
    const Bytes bytes = out.take();
    FlatReader in(bytes);
    Motion second;
    second.get(in);
    in.expect_end();
    for (Index k = 10; k < 20; ++k) second.add(at(k));
    CHECK(second.positions() == whole.positions());
    CHECK(second.still() == whole.still());
  }
}

TEST_CASE("a record tells a chain that moves from one that stands still, all, half or in part", "[frozen]") {
  const Case c = stiff_case(0.5);
  const Index dimension = 24, samples = 200;
  const Matrix free = normals(dimension, samples, 210);
  const Result moving = record_of(c, free);
  CHECK(moving.outcome == Outcome::done);
  CHECK(value_of(moving, ess) > 50);

  const Result still = record_of(c, free.col(0).replicate(1, samples));
  check_flagged(still);
  CHECK(says(still, "does not move"));
  CHECK_FALSE(row_of(still, rhat));
  CHECK_FALSE(row_of(still, rhat_folded));
  for (const Observable size : {ess, ess_bulk, ess_tail}) CHECK(value_of(still, size) <= 2);

  // Frozen for its first half, at a position in the middle of the others: R-hat and autocorrelation see nothing of it.
  Matrix half = free;
  half.leftCols(samples / 2) = (0.3 * free.col(samples / 2)).replicate(1, samples / 2);
  const Result late = record_of(c, half);
  check_flagged(late);
  CHECK(value_of(late, ess) < 8);

  Matrix stuck = free;
  stuck.row(5).setConstant(0.7);
  const Result partly = record_of(c, stuck);
  check_flagged(partly);
  CHECK(says(partly, "1 of 24 coordinates"));
}

TEST_CASE("a quantity that is constant by construction freezes nothing", "[frozen]") {
  // At x = 0 a network without bias is zero, whatever its weights.
  Case c = stiff_case(0.5);
  c.data.test.x.row(2).setZero();
  const Result result = train(c.problem(), Hmc{.samples = 200}, diagnosis_plan());
  CHECK(result.outcome == Outcome::done);
  CHECK(value_of(result, rhat) < 1.1);
}

TEST_CASE("chains that hardly ever accept are not equilibrated", "[frozen]") {
  // Without a burn-in the step is that of the start, where the posterior is flat; a target near zero asks for steps
  // that are refused.
  const auto count_frozen = [](const TrainerChoice& trainer, double ridge) {
    Case c = stiff_case(ridge);
    c.network.chi = 8;
    int frozen = 0;
    for (int chain = 0; chain < 12; ++chain) {
      c.draw = c.initialisation = chain;
      const Result result = train(c.problem(), trainer, diagnosis_plan());
      if (value_of(result, acceptance) > 0.01) continue;
      ++frozen;
      check_flagged(result);
    }
    return frozen;
  };
  CHECK(count_frozen(Hmc{.samples = 100, .target_acceptance = 1e-6}, 1e-4) == 12);
  CHECK(count_frozen(Mala{.samples = 100, .thin = 2, .target_acceptance = 1e-6}, 1e-4) == 12);
  CHECK(count_frozen(Hmc{.samples = 100, .burn_in = 0}, 1e-4) >= 3);
  CHECK(count_frozen(Mala{.samples = 100, .burn_in = 0, .thin = 2}, 1e-4) >= 1);
  // Negative control: an adapted step.
  CHECK(count_frozen(Hmc{.samples = 100}, 1e-2) == 0);
}

TEST_CASE("Langevin dynamics beyond its stable step is no sample of a posterior", "[frozen]") {
  // At frozen features U is quadratic: ε k_max = 2 is the limit itself.
  Case c = make_case(5, 4, 3, {.depth = 1, .width = 6, .chi = 3, .train = network::Trained::readout});
  c.ridge = 0.3;
  const Matrix features = initial_features(c, c.data.train.x);
  const double largest =
      (Matrix::Identity(6, 6) + features.transpose() * features / c.ridge).eigenvalues().real().maxCoeff();
  const auto run = [&](double step, std::int64_t steps) {
    return train(c.problem(), Langevin{.step = step / largest, .steps = steps}, diagnosis_plan());
  };
  CHECK(run(1.0, 40000).outcome == Outcome::done);
  CHECK(run(2.3, 4000).outcome == Outcome::diverged);
  CHECK(says(run(2.3, 4000), "stable below 2"));
  // So short that what grows is still small: samples of the start, finite and wrong.
  const Result early = run(2.005, 400);
  check_flagged(early);
  CHECK(says(early, "stable below 2"));
}

TEST_CASE("Langevin dynamics is never done where its step is far too long or moves nothing", "[frozen]") {
  for (const auto& activation :
       {network::ActivationChoice{network::Erf{}}, network::ActivationChoice{network::Relu{}}}) {
    Case c = make_case(8, 5, 3, {.depth = 2, .width = 12, .activation = activation});
    c.ridge = 0.01;
    for (const double step : {3.0, 1.0, 0.1, 1e-18, 1e-22, 1e-26, 1e-28, 1e-30, 1e-36}) {
      const Result result = train(c.problem(), Langevin{.step = step, .steps = 2000}, diagnosis_plan());
      CAPTURE(step);
      CHECK(result.outcome == (step > 1e-3 ? Outcome::diverged : Outcome::not_equilibrated));
    }
  }
}

TEST_CASE("what counts as diverged is the user's to say", "[frozen]") {
  Case c = stiff_case(0.1);
  c.data.train.label *= 1e-4;  // the prior's own outputs are far above the labels
  c.data.train.target *= 1e-4;
  const Langevin trainer{.step = 2e-3, .steps = 20000};
  CHECK(train(c.problem(), trainer, diagnosis_plan()).outcome == Outcome::done);
  Langevin strict = trainer;
  strict.diverged_above = 1.001;
  CHECK(train(c.problem(), strict, diagnosis_plan()).outcome == Outcome::diverged);
}
