#include "decay_notes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fieldscan/core/error.hpp"
#include "fieldscan/scan/task/predictions.hpp"
#include "fieldscan/theory/finite_width/collapse.hpp"

namespace fieldscan::scan {

namespace {

constexpr int most_draws = 20;
constexpr double most_numbers = 1e7;  ///< of the inputs of a draw: a plan takes seconds

bool decays_to_zero(const Point& point) {
  return trains(point.spec) && point.spec.ridge > 0 && point.spec.network.train == network::Trained::all &&
         anchor_of(setting_of(point).dynamics) == dynamics::Anchor::zero;
}

}  // namespace

const data::Draw* DecayNotes::draw_of(const PointSpec& spec) {
  if (kept_ && kept_->data == spec.data && kept_->seed == spec.seed) return &kept_->draw;
  const double numbers = static_cast<double>(data::train_points(spec.data)) * data::input_dimension(spec.data);
  if (numbers > most_numbers || draws_made_ == most_draws) return nullptr;
  ++draws_made_;
  try {
    kept_ = Kept{.data = spec.data,
                 .seed = spec.seed,
                 .draw = data::make_draw(spec.data, static_cast<std::uint64_t>(spec.seed), 0)};
  } catch (const EnvironmentError&) {
    return nullptr;  // a file that is not there any more: a plan is made all the same
  }
  return &kept_->draw;
}

void DecayNotes::add(const Point& point) {
  const auto& network = point.spec.network;
  if (!decays_to_zero(point) || !theory::vanishes_at_zero(network.activation)) return;
  if (is_convolutional(network.architecture)) return;  // κ_c is known of fully connected layers
  if (network.depth > 1) {
    ++deep_;
    return;
  }
  ++shallow_;
  const data::Draw* draw = draw_of(point.spec);
  const auto edge = draw ? theory::collapse_ridge(network, *draw) : std::nullopt;
  if (!edge) {
    ++unknown_;
    return;
  }
  lowest_ = std::min(lowest_, *edge);
  highest_ = std::max(highest_, *edge);
  above_ += point.spec.ridge > *edge;
}

std::vector<std::string> DecayNotes::sentences() const {
  std::vector<std::string> out;
  if (shallow_ > unknown_) {
    const std::string range =
        lowest_ == highest_ ? fmt::format("{:.3g}", lowest_) : fmt::format("{:.3g} … {:.3g}", lowest_, highest_);
    out.push_back(fmt::format(
        "decay towards zero, one hidden layer: f = 0 is locally stable where the ridge is above κ_c = {} (data draw 0); "
        "so it is at {} of {} points",
        range, above_, shallow_ - unknown_));
  }
  if (unknown_ > 0)
    out.push_back(fmt::format(
        "decay towards zero, one hidden layer: κ_c, above which f = 0 is locally stable, is not computed at {} points "
        "(a kink of φ at 0, large or missing data, or more than {} sets of data)",
        unknown_, most_draws));
  if (deep_ > 0)
    out.push_back(fmt::format(
        "decay towards zero, several hidden layers: f = 0 is a local minimum at every ridge, and the start decides "
        "whether a network ends there ({} points)",
        deep_));
  return out;
}

}  // namespace fieldscan::scan
