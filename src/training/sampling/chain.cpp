#include "chain.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "../keep/keep.hpp"
#include "../observe/order_parameters.hpp"
#include "../observe/overlap.hpp"
#include "../replica.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/core/statistics.hpp"
#include "fieldscan/network/order_parameters.hpp"
#include "trace.hpp"

namespace fieldscan::training {

using enum Observable;

namespace {

constexpr Index watched_points = 5;

bool is_constant(const Vector& series) {
  return series.maxCoeff() - series.minCoeff() <= 1e-12 * series.cwiseAbs().maxCoeff();
}

/// The diagnosis of one series; one that does not move beyond rounding counts as independent samples of a constant.
ChainDiagnosis diagnose_series(const Vector& series) {
  if (is_constant(series)) return {.rhat = 1, .ess = static_cast<double>(series.size())};
  return diagnose(series);
}

/// The larger and the smaller of two; NaN where either is.
double larger(double a, double b) { return a >= b ? a : b > a ? b : std::numeric_limits<double>::quiet_NaN(); }
double smaller(double a, double b) { return -larger(-a, -b); }

double standard_error(const Vector& series, double effective) {
  const double variance = (series.array() - series.mean()).square().sum() / static_cast<double>(series.size() - 1);
  return std::sqrt(variance / effective);
}

}  // namespace

ChainRecord::ChainRecord(const Problem& problem, const network::Network& network, const ObservePlan& plan,
                         Index samples, const ChainUntil& until)
    : problem_(problem),
      network_(network),
      plan_(plan),
      reader_(problem, network, plan, nullptr),
      draws_(replica_stream(problem, Purpose::chain_start)),
      samples_(samples),
      until_(until),
      watched_(samples, 2 + watched_points),
      result_(start_result(problem, plan)) {
  const bool has_test = problem.data.test.x.rows() > 0;
  wants_test_ = has_test && (wants_predictor(plan) || wants(plan, Need::test_outputs));
  if (wants_test_) {
    predictor_ = Vector::Zero(problem.data.test.x.rows() * network.outputs());
    spread_.resize(samples);
    inner_.resize(samples);
  }
}

bool ChainRecord::asked(std::initializer_list<Observable> observables) const {
  return std::ranges::any_of(observables, [&](Observable observable) { return plan_.has(observable); });
}

void ChainRecord::add(Posterior& posterior, const Vector& z) {
  posterior.look_at(z);
  motion_.add(z);
  const data::Draw& data = problem_.data;
  Outputs outputs;
  outputs.train = posterior.train_output();
  if (wants_test_) outputs.test = posterior.output(data.test.x);
  if (data.validation.x.rows() > 0 && wants_outputs(plan_, Need::validation_outputs))
    outputs.validation = posterior.output(data.validation.x);
  std::vector<Reading> readings;
  // The errors are watched whether they are asked for or not.
  watched_used_ = 0;
  watch((outputs.train.mean - data::flat(data.train.label)).squaredNorm() + outputs.train.variance.sum());
  if (wants_test_) add_predictor(outputs.test);
  read_outputs(data, outputs, plan_, readings);
  if (wants(plan_, Need::parameters)) read_norms(network_, posterior.squares(), plan_, readings);
  const bool overlaps = wants(plan_, Need::first_layer) && data.directions.rows() > 0;
  Vector theta;
  if (overlaps || reader_.wanted()) theta = posterior.parameters(draws_.at(static_cast<std::uint32_t>(count_), 0));
  std::vector<Array> matrices;
  read_confusion(data, outputs, plan_, matrices);
  if (overlaps) {
    read_overlaps(network_, theta, data.directions, plan_, readings);
    read_order_parameters(network_, theta, data.directions, plan_, matrices);
    network::order_units(matrices);
  }
  if (reader_.wanted()) reader_.read(theta, Moment::end, readings, matrices);
  add_matrices(std::move(matrices));
  if (count_ == 0) {
    keys_ = readings;
    series_.resize(samples_, static_cast<Index>(keys_.size()));
  }
  if (readings.size() != keys_.size()) {  // a network that is not finite has fewer
    result_.outcome = Outcome::diverged;
    readings.resize(keys_.size());
  }
  for (Index k = 0; k < series_.cols(); ++k) series_(count_, k) = readings[static_cast<std::size_t>(k)].value;
  ++count_;
}

void ChainRecord::add_predictor(const Output& test) {
  watch((test.mean - data::flat(problem_.data.test.target)).squaredNorm() + test.variance.sum());
  const Index points = std::min(watched_points, test.mean.size());
  for (Index k = 0; k < points; ++k) watch(test.mean[k * test.mean.size() / points]);
  // Welford: the increments of Σ_s (m_s − m̄)².
  const Vector before = test.mean - predictor_;
  predictor_ += before / static_cast<double>(count_ + 1);
  spread_[count_] = before.dot(test.mean - predictor_) / test_points();
  inner_[count_] = test.variance.size() > 0 ? network_.outputs() * test.variance.mean() : 0;
}

void ChainRecord::add_matrices(std::vector<Array> matrices) {
  const double share = 1 / static_cast<double>(samples_);
  if (matrices_.empty()) {
    matrices_ = matrices;
    for (Array& mean : matrices_) std::ranges::fill(mean.data, 0.0);
  }
  for (std::size_t k = 0; k < std::min(matrices.size(), matrices_.size()); ++k)
    for (std::size_t j = 0; j < matrices[k].data.size(); ++j) matrices_[k].data[j] += share * matrices[k].data[j];
}

void ChainRecord::put(FlatWriter& out) const {
  out.put(static_cast<std::int64_t>(count_));
  out.put(static_cast<std::int64_t>(watched_used_));
  out.put(static_cast<std::uint64_t>(keys_.size()));
  for (const Reading& key : keys_) {
    out.put(key.observable);
    out.put(key.coordinate);
  }
  for (const Matrix* matrix : {&series_, &watched_}) put_matrix(out, *matrix);
  for (const Vector* vector : {&predictor_, &spread_, &inner_}) put_matrix(out, *vector);
  motion_.put(out);
  Result so_far = result_;
  so_far.arrays.insert(so_far.arrays.end(), matrices_.begin(), matrices_.end());
  out.put(static_cast<std::uint64_t>(matrices_.size()));
  fieldscan::put(out, so_far);
}

void ChainRecord::get(FlatReader& in) {
  count_ = in.get<std::int64_t>();
  watched_used_ = in.get<std::int64_t>();
  keys_.resize(in.length(sizeof(Observable) + sizeof(double)));
  for (Reading& key : keys_) {
    key.observable = in.get_below(end_of_observables());
    key.coordinate = in.get<double>();
  }
  for (Matrix* matrix : {&series_, &watched_}) get_matrix(in, *matrix);
  for (Vector* vector : {&predictor_, &spread_, &inner_}) get_matrix(in, *vector);
  motion_.get(in);
  const auto means = in.get<std::uint64_t>();
  result_ = get_result(in);
  if (count_ < 0 || count_ > samples_ || watched_.rows() != samples_ || means > result_.arrays.size())
    throw MalformedMessage("a chain of another length");
  const auto first = result_.arrays.end() - static_cast<std::ptrdiff_t>(means);
  matrices_.assign(first, result_.arrays.end());
  result_.arrays.erase(first, result_.arrays.end());
}

void ChainRecord::append(Observable observable, double coordinate, double value, double error) {
  if (!std::isfinite(value)) {
    if (observable != rhat) result_.outcome = Outcome::diverged;
    return;
  }
  result_.rows.push_back({.observable = observable,
                          .coordinate = coordinate,
                          .value = value,
                          .standard_error = std::isfinite(error) ? error : 0,
                          .count = samples_});
}

void ChainRecord::append_series(const Reading& key, const Vector& series) {
  append(key.observable, key.coordinate, series.mean(), standard_error(series, diagnose_series(series).ess));
}

void ChainRecord::append_variance() {
  // The effective size of the predictor: the mean over the watched test points.
  double effective = 0;
  for (Index k = 2; k < watched_used_; ++k)
    effective += diagnose_series(watched_.col(k)).ess / static_cast<double>(watched_used_ - 2);
  const double shrink = 1 / (1 - 1 / std::max(effective, 2.0));
  const Vector series = shrink * spread_ + inner_;
  append(variance_posterior, 0, series.mean(), standard_error(series, diagnose_series(series).ess));
}

ChainRecord::Diagnosis ChainRecord::diagnosis() const {
  Diagnosis worst{.rhat = 1, .ess = static_cast<double>(samples_) * std::log10(static_cast<double>(samples_))};
  for (Index k = 0; k < watched_used_; ++k) {
    const ChainDiagnosis series = diagnose_series(watched_.col(k));
    worst.rhat = larger(worst.rhat, series.rhat);
    worst.ess = smaller(worst.ess, series.ess);
  }
  // A series that stands still tells nothing.
  worst.ess = smaller(worst.ess, largest_size());
  if (motion_.still() > 0) worst.rhat = std::numeric_limits<double>::quiet_NaN();
  return worst;
}

bool ChainRecord::reached() const {
  if (!diagnosis().passes(until_)) return false;
  if (!until_.relative_error) return true;
  const Vector error = watched_error();
  return standard_error(error, diagnose_series(error).ess) <= *until_.relative_error * std::abs(error.mean());
}

void ChainRecord::append_diagnosis(const Diagnosis& found) {
  const bool moves = motion_.still() == 0;
  if (plan_.has(rhat)) append(rhat, 0, found.rhat);
  if (plan_.has(ess)) append(ess, 0, found.ess);
  double folded = 1, bulk = std::min(static_cast<double>(samples_), largest_size()), tail = bulk;
  if (asked({rhat_folded, ess_bulk, ess_tail}))
    for (Index k = 0; k < watched_used_; ++k) {
      if (is_constant(watched_.col(k))) continue;
      folded = larger(folded, folded_rhat(watched_.col(k)));
      bulk = smaller(bulk, bulk_effective_size(watched_.col(k)));
      tail = smaller(tail, tail_effective_size(watched_.col(k)));
    }
  if (plan_.has(rhat_folded) && moves) append(rhat_folded, 0, folded);
  if (plan_.has(ess_bulk)) append(ess_bulk, 0, bulk);
  if (plan_.has(ess_tail)) append(ess_tail, 0, tail);
  if (!plan_.has(chain_spread) || !wants_test_) return;
  const Vector error = watched_error() / test_points();
  append(chain_spread, 0, standard_error(error, 1));
}

std::string ChainRecord::reason(const Diagnosis& found, const Summary& summary) const {
  if (!summary.problem.empty()) return summary.problem;
  const std::string rate = fmt::format("acceptance {:.2g}, step {:.3g}", summary.acceptance, summary.step_size);
  if (motion_.still() == motion_.dimension() && motion_.still() > 0)
    return fmt::format("the chain does not move ({}): its {} samples are one and the same; a shorter step", rate,
                       samples_);
  if (motion_.still() > 0)
    return fmt::format("{} of {} coordinates of the chain do not move ({})", motion_.still(), motion_.dimension(),
                       rate);
  const std::string numbers = fmt::format("split R-hat {:.3f}, effective sample size {:.1f}", found.rhat, found.ess);
  if (!(found.ess >= largest_size()))
    return numbers + "; a longer chain: more training.samples (of langevin training.steps), or training.until.batches";
  return fmt::format(
      "{}: the chain stands still for long ({}), its {} samples weigh like {:.1f} positions; a shorter step", numbers,
      rate, samples_, motion_.positions());
}

Result ChainRecord::finish(const Summary& summary) {
  const Diagnosis found = diagnosis();
  for (Index k = 0; k < series_.cols(); ++k) append_series(keys_[static_cast<std::size_t>(k)], series_.col(k));
  if (wants_test_ && plan_.has(variance_posterior)) append_variance();
  append_diagnosis(found);
  if (plan_.has(acceptance)) append(acceptance, 0, summary.acceptance);
  if (plan_.has(step_size)) append(step_size, 0, summary.step_size);
  if (plan_.has(steps_done)) append(steps_done, 0, static_cast<double>(summary.gradients));
  if (wants_test_ && wants_predictor(plan_) && predictor_.allFinite())
    result_.arrays.push_back(predictor_array(equilibrium, predictor_, network_.outputs()));
  for (Array& mean : matrices_) result_.arrays.push_back(std::move(mean));
  const auto watched = watched_.leftCols(watched_used_);
  if (plan_.has(listed("chain_trace")) && watched.allFinite())
    result_.arrays.push_back(trace_of(watched, {static_cast<double>(problem_.data.train.x.rows()), test_points()}));
  if (result_.outcome == Outcome::diverged) {
    result_.reason = "a number of the chain is not finite";
  } else if (!found.passes(until_) || !summary.problem.empty()) {
    result_.outcome = Outcome::not_equilibrated;
    result_.reason = reason(found, summary);
    for (Row& row : result_.rows) row.flag = Flag::not_equilibrated;
  }
  return std::move(result_);
}

}  // namespace fieldscan::training
