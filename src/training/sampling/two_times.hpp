#pragma once
#include <optional>

#include "../observe/measure.hpp"
#include "fieldscan/training/sampling/langevin.hpp"
#include "fieldscan/training/train.hpp"
#include "posterior.hpp"

/// What is observed of one chain at two times.
namespace fieldscan::training {

/// The outputs of a chain on its training set at the waiting time, and a twin that leaves it there: the same noise, and
/// labels shifted by ±h.
class TwoTimes {
 public:
  TwoTimes(const Problem& problem, const network::Network& network, const Langevin& trainer, const ObservePlan& plan);

  /// Before step n is made, at z: at the waiting time remembers the outputs and lets the twin go.
  void wait(std::int64_t step, Posterior& posterior, const Vector& z);
  /// After step n of the chain: the same step of the twin, with the same noise.
  void move(std::int64_t step, const Stream& noise);
  /// Rows at time t of the network that the posterior looks at; none before the waiting time.
  void record(double time, const Posterior& posterior);

  const Result& found() const { return found_; }
  void put(FlatWriter& out) const;
  void get(FlatReader& in);

 private:
  const Problem& problem_;
  const network::Network& network_;
  const Langevin& trainer_;
  const ObservePlan& plan_;
  std::int64_t waiting_;  ///< steps
  Index points_;
  Vector sign_;          ///< ±1 [points × outputs]
  Vector earlier_;       ///< f(t_w) [points × outputs]; empty before
  data::Draw shifted_;   ///< labels of the twin
  Vector twin_, slope_;  ///< its z; empty where there is none
  std::optional<Problem> twin_problem_;
  std::optional<Posterior> twin_posterior_;
  Result found_;
};

}  // namespace fieldscan::training
