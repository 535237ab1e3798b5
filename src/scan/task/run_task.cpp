#include "fieldscan/scan/task/run_task.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/policies/error_handling.hpp>
#include <cmath>
#include <set>

#include "cost.hpp"
#include "fieldscan/core/canonical.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/solve/solved.hpp"
#include "fieldscan/theory/predict_kept.hpp"

namespace fieldscan::scan {
namespace {

/// The data of draw r, from what is kept where it is the same.
const data::Draw& draw_of(const PointSpec& spec, std::int64_t draw, Kept& kept) {
  if (const auto* file = std::get_if<data::File>(&spec.data.input)) {
    const std::string key = fmt::format("{}{}", canonical_text("input", *file), word(spec.data.test_from));
    if (kept.pool_key != key) {
      kept.pool = data::load_pool(spec.data);
      kept.pool_key = key;
    }
  } else {
    kept.pool_key.clear();
    kept.pool = nullptr;
  }
  const std::string key = fmt::format("{}seed={}\ndraw={}\n", canonical_text("data", spec.data), spec.seed, draw);
  if (kept.draw_key != key) {
    kept.draw_key.clear();
    kept.kernels.clear();
    const auto seed = static_cast<std::uint64_t>(spec.seed);
    kept.draw = std::make_shared<const data::Draw>(kept.pool ? data::make_draw(spec.data, kept.pool, seed, draw)
                                                             : data::make_draw(spec.data, seed, draw));
    kept.draw_key = key;
  }
  return *kept.draw;
}

/// The outputs that no network has on these data: those on sets without points.
Need absent(const data::Draw& data) {
  const auto on = [](const data::Sample& sample, Need outputs) {
    return sample.x.rows() > 0 ? Need::nothing : outputs;
  };
  return on(data.train, Need::train_outputs) | on(data.test, Need::test_outputs) |
         on(data.validation, Need::validation_outputs);
}

/// Says of a replica that is done what it has no number of, though it could: labels without power have no discrepancy.
void note_missing(const training::TrainerChoice& trainer, const training::ObservePlan& plan, const data::Draw& data,
                  Result& result) {
  if (result.outcome != Outcome::done) return;
  std::vector<std::string_view> missing;
  for (const Observable observable : plan.observables) {
    const ObservableInfo& about = info(observable);
    const auto tells = [&](const auto& entry) { return entry.observable == observable; };
    if (about.source == Source::network && training::observes(trainer, observable) &&
        !has_any(about.needs, absent(data)) && std::ranges::none_of(result.rows, tells) &&
        std::ranges::none_of(result.arrays, tells))
      missing.push_back(about.name);
  }
  if (!missing.empty())
    result.reason += fmt::format("{}{}{}", result.reason.empty() ? "" : "; ", without, fmt::join(missing, ", "));
}

/// Trains, with the state of a long training on disk.
Result train_kept(training::Problem problem, const Point& point, const training::ObservePlan& plan, const Kept& kept) {
  const training::TrainerChoice& trainer = point.spec.training;
  if (!kept.checkpoints || estimated_seconds(point, Task::Kind::replicas, 0) < kept.checkpoints->least)
    return training::train(problem, trainer, plan);
  CheckpointFile file(*kept.checkpoints, point, plan, problem.draw, problem.initialisation);
  const training::Checkpoint checkpoint = file.checkpoint();
  problem.checkpoint = &checkpoint;
  Result result;
  try {
    result = training::train(problem, trainer, plan);
  } catch (const MalformedMessage&) {  // a state of another build of this version
    problem.checkpoint = nullptr;
    result = training::train(problem, trainer, plan);
  }
  file.remove();
  return result;
}

Result train_one(const Point& point, const Task::Member& member, Kept& kept) {
  kept.kernels.clear();
  const PointSpec& spec = point.spec;
  const training::Problem problem{.network = spec.network,
                                  .data_spec = spec.data,
                                  .data = draw_of(spec, member.draw, kept),
                                  .ridge = spec.ridge,
                                  .seed = static_cast<std::uint64_t>(spec.seed),
                                  .draw = member.draw,
                                  .initialisation = member.initialisation,
                                  .precision = spec.precision};
  const training::ObservePlan plan = observe_plan(point, member.draw, member.initialisation);
  Result result = train_kept(problem, point, plan, kept);
  note_missing(spec.training, plan, problem.data, result);
  return result;
}

Result predict_one(const Point& point, std::uint64_t number, const Task::Member& member, Kept& kept) {
  const TheoryUse& use = point.theories.at(number);
  const theory::Setting setting = setting_of(point, use);
  if (theory::given_of(use.theory) == theory::Given::nothing || !theory::applicability(use.theory, setting).applies)
    return theory::predict(use.theory, setting, {member.draw, member.initialisation});
  const data::Draw& draw = draw_of(point.spec, member.draw, kept);
  const bool keeps = kept_kernel_bytes(point) > 0;
  return theory::predict(use.theory, setting, {member.draw, member.initialisation}, draw,
                         keeps ? &kept.kernels : nullptr);
}

/// Drops what is not finite: a replica that was done then diverged.
void keep_finite(Result& result) {
  std::set<std::string_view> names;
  const auto row_is_bad = [&](const Row& row) {
    const bool bad = !std::isfinite(row.value) || !std::isfinite(row.standard_error);
    if (bad) names.insert(info(row.observable).name);
    return bad;
  };
  const auto array_is_bad = [&](const Array& array) {
    const bool bad = !std::ranges::all_of(array.data, [](double v) { return std::isfinite(v); });
    if (bad) names.insert(info(array.observable).name);
    return bad;
  };
  std::erase_if(result.rows, row_is_bad);
  std::erase_if(result.arrays, array_is_bad);
  if (names.empty() || result.outcome != Outcome::done) return;
  result.outcome = Outcome::diverged;
  result.reason = fmt::format("not finite: {}", fmt::join(names, ", "));
}

Result ended(Outcome outcome, const std::string& reason) {
  Result result;
  result.outcome = outcome;
  result.reason = reason;
  return result;
}

std::string library_failure(const std::exception& error) {
  return fmt::format("a function can not be evaluated at these values; its library says: {}", error.what());
}

}  // namespace

training::ObservePlan observe_plan(const Point& point, std::int64_t draw, std::int64_t initialisation) {
  training::ObservePlan plan = point.observe;
  for (const auto& limit : plan.limits)
    if (!limit.contains(draw, initialisation, point.ensemble.initialisations))
      std::erase(plan.observables, limit.observable);
  plan.limits.clear();
  return plan;
}

std::vector<Result> run_task(const Scan& scan, const Task& task, Kept& kept) {
  const auto point = scan.point(task.block, task.index);
  set_linear_algebra_threads(point ? task_threads(*point, task.kind, task.theory) : 1);
  std::vector<Result> results;
  for (const auto& member : task.members) {
    Result result;
    try {
      if (!point) throw NumericalError("the task names a point that `where` excludes");
      result = task.kind == Task::Kind::replicas ? train_one(*point, member, kept)
                                                 : predict_one(*point, task.theory, member, kept);
      keep_finite(result);
    } catch (const solve::NotConverged& error) {
      result = ended(Outcome::not_converged, error.what());
    } catch (const NumericalError& error) {
      result = ended(Outcome::numerical_error, error.what());
    } catch (const std::domain_error& error) {  // these four are how special functions and quadratures of Boost fail
      result = ended(Outcome::numerical_error, library_failure(error));
    } catch (const std::overflow_error& error) {
      result = ended(Outcome::numerical_error, library_failure(error));
    } catch (const boost::math::evaluation_error& error) {
      result = ended(Outcome::numerical_error, library_failure(error));
    } catch (const boost::math::rounding_error& error) {
      result = ended(Outcome::numerical_error, library_failure(error));
    }
    result.data_draw = member.draw;
    result.initialisation = member.initialisation;
    results.push_back(std::move(result));
  }
  return results;
}

std::vector<Result> run_task(const Scan& scan, const Task& task) {
  Kept kept;
  return run_task(scan, task, kept);
}

}  // namespace fieldscan::scan
