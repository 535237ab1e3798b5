#include "traces.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/core/statistics.hpp"

namespace fieldscan::analysis {
namespace {

using Members = std::vector<const Member*>;

/// Of four samples at least.
const Array* trace_of(const Member& member) {
  const Array* trace = usable(member) ? find_array(member, listed("chain_trace"), equilibrium) : nullptr;
  const bool whole = trace && trace->shape.size() == 2 && trace->shape[0] > 0 && trace->shape[1] >= 4 &&
                     trace->shape[0] * trace->shape[1] == std::ssize(trace->data);
  return whole ? trace : nullptr;
}

/// One that did not move, or is not known, is the worst.
double rhat_of(const Member& member) {
  const Row* rhat = find_row(member, Observable::rhat, equilibrium, 0);
  return rhat ? rhat->value : std::numeric_limits<double>::infinity();
}

/// The chains of a draw with traces of one shape, as many as have a colour.
Members chains_of(const TablePoint& point, const Member& worst) {
  Members chains{&worst};
  for (const Member& member : point.measured.members)
    if (&member != &worst && member.draw == worst.draw && chains.size() < most_curves)
      if (const Array* trace = trace_of(member); trace && trace->shape == trace_of(worst)->shape)
        chains.push_back(&member);
  std::ranges::sort(chains, {}, &Member::initialisation);
  return chains;
}

std::string name_of_watched(Index k, Index watched) {
  if (k == 0) return "error_train";
  if (k == 1) return "error_test";
  return fmt::format("f at test point {} of {} that are watched", k - 1, watched - 2);
}

/// [kept × chains] of what is watched; of one chain its two halves.
Matrix samples_of(const Members& chains, Index k) {
  const auto kept = trace_of(*chains[0])->shape[1];
  const auto value = [&](std::size_t chain, Index s) {
    return trace_of(*chains[chain])->data[static_cast<std::size_t>(k * kept + s)];
  };
  const bool alone = chains.size() == 1;
  Matrix samples(alone ? kept / 2 : kept, alone ? 2 : static_cast<Index>(chains.size()));
  for (Index c = 0; c < samples.cols(); ++c)
    for (Index s = 0; s < samples.rows(); ++s)
      samples(s, c) = alone ? value(0, c * samples.rows() + s) : value(static_cast<std::size_t>(c), s);
  return samples;
}

double rhat_over(const Matrix& samples) {
  return samples.rows() >= 4 && samples.maxCoeff() > samples.minCoeff() ? diagnose(samples).rhat : 1;
}

DrawnCurve curve_named(const std::string& name, std::size_t colour, DrawnCurve::Style style) {
  DrawnCurve curve;
  curve.label = name;
  curve.style = style;
  curve.colour = colour;
  return curve;
}

void add(DrawnCurve& curve, double x, double y) {
  curve.x.push_back(x);
  for (auto* list : {&curve.y, &curve.low, &curve.high}) list->push_back(y);
  curve.censored.push_back(false);
}

/// Ranks 1 … n of all samples, ties with their mean.
std::vector<double> ranks_in(const Matrix& samples) {
  const auto n = static_cast<std::size_t>(samples.size());
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  const auto value = [&](std::size_t k) { return samples.data()[k]; };
  std::ranges::sort(order, {}, value);
  std::vector<double> ranks(n);
  for (std::size_t begin = 0; begin < n;) {
    std::size_t end = begin;
    while (end < n && value(order[end]) == value(order[begin])) ++end;
    for (std::size_t k = begin; k < end; ++k) ranks[order[k]] = 0.5 * static_cast<double>(begin + 1 + end);
    begin = end;
  }
  return ranks;
}

}  // namespace

std::optional<Chains> worst_chains(const Table& table) {
  const Member* worst = nullptr;
  Chains result;
  for (const TablePoint& point : table.points)
    for (const Member& member : point.measured.members)
      if (trace_of(member) && (!worst || rhat_of(member) > rhat_of(*worst))) worst = &member, result.point = &point;
  if (!worst) return std::nullopt;
  result.draw = worst->draw;
  const Members chains = chains_of(*result.point, *worst);
  const Index watched = trace_of(*worst)->shape[0];
  result.rhat = 0;
  for (Index k = 0; k < watched; ++k) {
    Matrix samples = samples_of(chains, k);
    const double rhat = rhat_over(samples);
    if (!(rhat > result.rhat)) continue;
    result.rhat = rhat;
    result.watched = name_of_watched(k, watched);
    result.samples = std::move(samples);
  }
  if (result.samples.size() == 0) return std::nullopt;
  if (const Row* row = find_row(*worst, Observable::rhat, equilibrium, 0))
    result.every = std::ceil(static_cast<double>(row->count) / static_cast<double>(trace_of(*worst)->shape[1]));
  for (const Member* member : chains) result.names.push_back(fmt::format("chain {}", member->initialisation));
  if (chains.size() == 1) result.names = {"first half", "second half"};
  return result;
}

DrawnFigure trace_of(const Chains& chains) {
  DrawnFigure figure;
  figure.name = "trace of the worst chains";
  figure.caption = "Chains that sample the same cover the same range, without a trend.";
  figure.x_label = "sample";
  figure.y_label = chains.watched;
  Panel& panel = figure.panels.emplace_back();
  for (Index c = 0; c < chains.samples.cols(); ++c) {
    DrawnCurve curve =
        curve_named(chains.names[static_cast<std::size_t>(c)], static_cast<std::size_t>(c), DrawnCurve::Style::line);
    for (Index s = 0; s < chains.samples.rows(); ++s)
      add(curve, chains.every * static_cast<double>(s), chains.samples(s, c));
    panel.curves.push_back(std::move(curve));
  }
  return figure;
}

DrawnFigure ranks_of(const Chains& chains) {
  constexpr Index bins = 10;
  const Index kept = chains.samples.rows(), all = chains.samples.size();
  const double even = static_cast<double>(kept) / bins;
  DrawnFigure figure;
  figure.name = "ranks of the worst chains";
  figure.caption = fmt::format(
      "Among all {} samples, in {} bins: chains that sample the same have some {:.0f} in each, and their counts scatter "
      "by some {:.0f} where samples are independent.",
      all, bins, even, std::sqrt(even));
  figure.x_label = "rank";
  figure.y_label = "samples in a bin";
  Panel& panel = figure.panels.emplace_back();
  panel.levels.emplace_back("even", even);
  const std::vector<double> ranks = ranks_in(chains.samples);
  for (Index c = 0; c < chains.samples.cols(); ++c) {
    DrawnCurve curve =
        curve_named(chains.names[static_cast<std::size_t>(c)], static_cast<std::size_t>(c), DrawnCurve::Style::points);
    std::vector<double> counts(bins, 0);
    for (Index s = 0; s < kept; ++s) {
      const double part = (ranks[static_cast<std::size_t>(c * kept + s)] - 0.5) / static_cast<double>(all);
      ++counts[static_cast<std::size_t>(std::min<Index>(bins - 1, static_cast<Index>(part * bins)))];
    }
    for (Index b = 0; b < bins; ++b)
      add(curve, (static_cast<double>(b) + 0.5) * static_cast<double>(all) / bins, counts[static_cast<std::size_t>(b)]);
    panel.curves.push_back(std::move(curve));
  }
  return figure;
}

}  // namespace fieldscan::analysis
