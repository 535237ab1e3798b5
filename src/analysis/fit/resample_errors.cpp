#include "resample_errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "../text/number.hpp"
#include "fit.hpp"
#include "leave_out.hpp"

namespace fieldscan::analysis {
namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
constexpr double enough = 1.1;  ///< times the linear error: up to here it stays
constexpr double most_of_variance = 0.75, spread_of_signal = 0.6, score_of_normal = 1.64, skew_members = 16;
constexpr std::size_t fewest = 8;  ///< members of a level of which the shape of a distribution can be judged

using OriginLevel = Origin::Level;

/// The origins of one level, with what leaving each of them out did to a number.
struct OneLevel {
  OriginLevel level = OriginLevel::draw;
  std::vector<std::int64_t> numbers;
  std::vector<double> left;    ///< θ_s
  std::vector<double> pull;    ///< J_s, their mean taken off
  std::vector<double> signal;  ///< D_s, 1 on average
  double square = 0;           ///< Σ J²
};

OneLevel level_of(OriginLevel level, std::span<const Origin> origins, const std::vector<double>& left,
                  const std::vector<double>& signal, double value) {
  OneLevel result{.level = level, .numbers = {}, .left = {}, .pull = {}, .signal = {}, .square = 0};
  for (std::size_t s = 0; s < origins.size(); ++s)
    if (origins[s].level == level) {
      result.numbers.push_back(origins[s].number);
      result.left.push_back(left[s]);
      result.signal.push_back(signal[s]);
    }
  const auto n = static_cast<double>(result.numbers.size());
  double mean = 0;
  for (const double number : result.left) {
    result.pull.push_back(std::isfinite(number) ? (n - 1) / n * (value - number) : 0);
    mean += result.pull.back() / n;
  }
  for (double& pull : result.pull) pull -= mean, result.square += pull * pull;
  return result;
}

/// The influence with its sums over the levels' other members replaced by the pulls of leaving one out.
std::vector<Cell> corrected(std::vector<Cell> cells, std::span<const OneLevel> levels) {
  std::vector<double> add(cells.size(), 0.0);
  for (const OneLevel& level : levels) {
    std::map<std::int64_t, std::pair<double, double>> sums;  // linear influence, members
    for (const Cell& cell : cells) {
      auto& [sum, count] = sums[number_at(cell, level.level)];
      sum += cell.value, count += 1;
    }
    for (std::size_t s = 0; s < level.numbers.size(); ++s)
      if (const auto found = sums.find(level.numbers[s]); found != sums.end())
        found->second.first = (level.pull[s] - found->second.first) / found->second.second;
    for (std::size_t k = 0; k < cells.size(); ++k) add[k] += sums[number_at(cells[k], level.level)].first;
  }
  for (std::size_t k = 0; k < cells.size(); ++k) cells[k].value += add[k];
  return cells;
}

std::vector<double> ranks(const std::vector<double>& x) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](std::size_t k) { return x[k]; });
  std::vector<double> result(x.size());
  for (std::size_t rank = 0; rank < order.size(); ++rank) result[order[rank]] = static_cast<double>(rank);
  return result;
}

/// Spearman's correlation of what the members say, J/|D|, with how loudly they say it.
double goes_with_signal(const OneLevel& level) {
  std::vector<double> own;
  for (std::size_t s = 0; s < level.pull.size(); ++s)
    own.push_back(level.signal[s] != 0 ? level.pull[s] / std::abs(level.signal[s]) : 0);
  const std::vector<double> a = ranks(own), b = ranks(level.signal);
  const auto n = static_cast<double>(a.size());
  double sum = 0;
  for (std::size_t s = 0; s < a.size(); ++s) sum += (a[s] - (n - 1) / 2) * (b[s] - (n - 1) / 2);
  return sum / (n * (n * n - 1) / 12);
}

/// Standard deviation over mean.
double relative_spread(const std::vector<double>& x) {
  const auto n = static_cast<double>(x.size());
  double mean = 0, square = 0;
  for (const double v : x) mean += v / n, square += v * v / n;
  return std::sqrt(std::max(0.0, square - mean * mean)) / std::abs(mean);
}

double skewness(const OneLevel& level) {
  const auto n = static_cast<double>(level.pull.size());
  double cube = 0;
  for (const double pull : level.pull) cube += pull * pull * pull / n;
  return cube / std::pow(level.square / n, 1.5);
}

bool is_carried(const OneLevel& level, double largest) {
  if (largest * largest > most_of_variance * level.square) return true;
  const auto n = static_cast<double>(level.pull.size());
  return relative_spread(level.signal) > spread_of_signal &&
         (std::abs(skewness(level)) > std::sqrt(n / skew_members) ||
          std::abs(goes_with_signal(level)) > score_of_normal / std::sqrt(n - 1));
}

std::string member_text(const OneLevel& level, std::size_t s) {
  return fmt::format("{} {}", level.level == OriginLevel::draw ? "data draw" : "initialisation", level.numbers[s]);
}

/// Why no interval is to be trusted; empty where one is.
std::string carried_by(const OneLevel& level, double value) {
  if (level.numbers.size() < fewest) return "";
  std::size_t worst = 0;
  for (std::size_t s = 0; s < level.numbers.size(); ++s) {
    if (!std::isfinite(level.left[s]))
      return fmt::format("one member carries the signal: without {} there is no fit", member_text(level, s));
    if (std::abs(level.pull[s]) > std::abs(level.pull[worst])) worst = s;
  }
  const double largest = std::abs(level.pull[worst]);
  if (!(level.square > 0) || !is_carried(level, largest)) return "";
  double total = 0;
  for (const double signal : level.signal) total += signal;
  return fmt::format(
      "one member carries the signal: without {}, which makes {:.0f} % of it, {} becomes {}; no interval "
      "can be trusted at {} {}s",
      member_text(level, worst), 100 * level.signal[worst] / total, number(value), number(level.left[worst]),
      level.numbers.size(), level.level == OriginLevel::draw ? "data draw" : "initialisation");
}

/// D_s of all origins: Σ_k f_k x_sk/σ_k² over Σ_k f_k²/σ_k², where x_sk is the mean over the origin's members at point
/// k. Points that do not vary over the ensemble say nothing of its members.
std::vector<double> signals_of(std::span<const Origin> origins, std::span<const Quantity> y,
                               std::span<const double> fitted) {
  const std::vector<double> sigma = fit_errors(y);
  std::vector<double> result(origins.size(), 0.0);
  double norm = 0;
  for (std::size_t k = 0; k < y.size(); ++k) {
    if (y[k].influence.empty()) continue;
    const double weight = fitted[k] / (sigma[k] * sigma[k]);
    norm += weight * fitted[k];
    const std::vector<Cell> cells = influence_of_members(y[k]);
    std::map<std::int64_t, double> of_draw, of_initialisation;
    for (const Cell& cell : cells)
      of_draw[cell.draw] += cell.value, of_initialisation[cell.initialisation] += cell.value;
    for (std::size_t s = 0; s < origins.size(); ++s) {
      const auto& sums = origins[s].level == OriginLevel::draw ? of_draw : of_initialisation;
      const auto found = sums.find(origins[s].number);
      const double off = found == sums.end() ? 0 : static_cast<double>(sums.size()) * found->second;
      result[s] += weight * (y[k].value + off);
    }
  }
  for (double& signal : result) signal /= norm;
  return result;
}

void resample_error(Quantity& quantity, std::span<const Origin> origins, const std::vector<double>& left,
                    const std::vector<double>& signal) {
  std::vector<OneLevel> levels;
  for (const OriginLevel level : {OriginLevel::draw, OriginLevel::initialisation}) {
    OneLevel one = level_of(level, origins, left, signal, quantity.value);
    if (!one.numbers.empty()) levels.push_back(std::move(one));
  }
  Quantity resampled = quantity;
  resampled.influence = corrected(influence_of_members(quantity), levels);
  if (estimate(resampled).standard_error > enough * estimate(quantity).standard_error)
    quantity.influence = std::move(resampled.influence);
  const OneLevel& larger = *std::ranges::max_element(levels, {}, &OneLevel::square);
  quantity.carried = carried_by(larger, quantity.value);
}

}  // namespace

void resample_errors(std::vector<Quantity>& numbers, std::span<const Quantity> y, std::span<const double> fitted,
                     const Refit& refit) {
  const std::vector<Origin> origins = origins_of(y);
  if (origins.empty()) return;
  std::vector<std::vector<double>> left(numbers.size(), std::vector<double>(origins.size(), no_number));
  for (std::size_t s = 0; s < origins.size(); ++s) {
    std::vector<Quantity> rest;
    for (const Quantity& q : y) rest.push_back(without(q, origins[s]));
    if (!std::ranges::all_of(rest, &Quantity::has_value)) continue;
    const std::vector<double> found = refit(rest);
    for (std::size_t j = 0; j < found.size(); ++j) left[j][s] = found[j];
  }
  const std::vector<double> signal = signals_of(origins, y, fitted);
  for (std::size_t j = 0; j < numbers.size(); ++j)
    if (numbers[j].has_value()) resample_error(numbers[j], origins, left[j], signal);
}

}  // namespace fieldscan::analysis
