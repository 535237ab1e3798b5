#pragma once
#include "fieldscan/training/train.hpp"
#include "measure.hpp"
#include "network_reader.hpp"

/// What is written down along a training.
namespace fieldscan::training {

class Recorder {
 public:
  /// `start`: θ₀, whose outputs are subtracted where the network is centred.
  Recorder(const Problem& problem, const network::Network& network, const ObservePlan& plan, const Vector& start);

  /// Appends what the plan asks of the network θ at time t. A number that is not finite is left out and the outcome
  /// becomes diverged; then false is returned.
  bool record(const Vector& theta, double time, Moment moment);

  /// What was recorded so far.
  void put(FlatWriter& out) const { fieldscan::put(out, result_); }
  void get(FlatReader& in) { result_ = get_result(in); }

  /// Notes when a training of some length ended. Where that is before its last recorded time its network stands still
  /// from then on, which theories in time do not: so end_time is then written down whether or not it was asked for.
  void ended(double time) { end_time_ = time; }

  /// Ends the result: steps_done, end_time, and the outcome if it is not `done`.
  Result finish(std::int64_t steps, double time, Outcome outcome, std::string reason);

 private:
  Output output_of(const Vector& theta, const data::Sample& sample, const Vector& offset) const;

  const Problem& problem_;
  const network::Network& network_;
  const ObservePlan& plan_;
  Vector offset_train_, offset_test_, offset_validation_;  ///< f(θ₀), empty where not centred
  std::optional<double> end_time_;
  NetworkReader reader_;
  Result result_;
};

}  // namespace fieldscan::training
