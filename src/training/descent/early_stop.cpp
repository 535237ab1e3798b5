#include "early_stop.hpp"

#include "../replica.hpp"
#include "fieldscan/network/summed_loss.hpp"

namespace fieldscan::training {

EarlyStop::EarlyStop(const Problem& problem, const network::Network& network, const Vector& start,
                     std::optional<std::int64_t> patience)
    : problem_(problem), network_(network), patience_(patience) {
  if (!patience) return;
  best_ = start;
  reference_ = compared_labels(problem.loss, problem.data.validation.label);
  if (network.spec().centred) offset_ = network.evaluate(start, problem.data.validation.x);
}

bool EarlyStop::look(std::int64_t epoch, const Vector& theta) {
  if (!patience_) return false;
  const Vector f = network_.evaluate(theta, problem_.data.validation.x);
  Vector slope(f.size());
  // Twice the loss: of the square the sum of squares.
  const double error = 2 * network::summed_loss({problem_.loss, reference_, offset_}, f, network_.outputs(), slope);
  if (error < least_) {
    least_ = error;
    since_ = epoch;
    best_ = theta;
  }
  return epoch - since_ >= *patience_;
}

std::string EarlyStop::remark(std::int64_t epochs) const {
  if (!patience_ || epochs == 0) return "";
  if (since_ == 0) return "the validation error is smallest at the start: the network is the initial one";
  if (since_ == epochs) return "the validation error was still falling at the end: a longer training may have less";
  return "";
}

void EarlyStop::put(FlatWriter& out) const {
  put_matrix(out, best_);
  out.put(least_);
  out.put(since_);
}

void EarlyStop::get(FlatReader& in) {
  get_matrix(in, best_);
  least_ = in.get<double>();
  since_ = in.get<std::int64_t>();
}

}  // namespace fieldscan::training
