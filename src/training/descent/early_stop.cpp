#include "early_stop.hpp"

namespace fieldscan::training {

EarlyStop::EarlyStop(const Problem& problem, const network::Network& network, const Vector& start,
                     std::optional<std::int64_t> patience)
    : problem_(problem), network_(network), patience_(patience) {
  if (!patience) return;
  best_ = start;
  reference_ = data::flat(problem.data.validation.label);
  if (network.spec().centred) reference_ += network.evaluate(start, problem.data.validation.x);
}

bool EarlyStop::look(std::int64_t epoch, const Vector& theta) {
  if (!patience_) return false;
  const double error = (network_.evaluate(theta, problem_.data.validation.x) - reference_).squaredNorm();
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
