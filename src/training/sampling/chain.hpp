#pragma once
#include <functional>

#include "../observe/measure.hpp"
#include "../observe/network_reader.hpp"
#include "fieldscan/training/train.hpp"
#include "motion.hpp"
#include "posterior.hpp"

/// What is written down along a chain.
namespace fieldscan::training {

/// Averages and diagnosis of one chain.
///
/// Every number is the mean over the samples, with standard error √(variance/ESS). The posterior variance is
/// ⟨v⟩ + (1/n) Σ_s (m_s − m̄)² / (1 − 1/ESS). Watched are the training error, the test error and the predictor at five
/// test points: the largest split R-hat and the smallest effective sample size of these are `rhat` and `ess` (and so
/// with rhat_folded, ess_bulk and ess_tail). The effective sizes are at most twice the number of positions that the
/// chain stood at (see Motion). The outcome is not_equilibrated, and every row is flagged so, where a coordinate of the
/// chain does not move, and unless rhat and ess reach the targets, by default 1.1 and 10. A chain without coordinates
/// has nothing to sample, and passes.
class ChainRecord {
 public:
  ChainRecord(const Problem& problem, const network::Network& network, const ObservePlan& plan, Index samples,
              const ChainUntil& until);

  /// Adds the network at z as the next sample.
  void add(Posterior& posterior, const Vector& z);
  bool full() const { return count_ == samples_; }
  /// Whether a full record reaches all targets.
  bool reached() const;

  /// What was added so far.
  void put(FlatWriter& out) const;
  void get(FlatReader& in);

  struct Summary {
    double acceptance = 1, step_size = 0;
    std::int64_t gradients = 0;
    std::string problem =
        {};  ///< why the samples are not those of the posterior, where that is known; the chain then fails
  };
  Result finish(const Summary& summary);

 private:
  struct Diagnosis {
    double rhat = 1, ess = 0;
    bool passes(const ChainUntil& until) const { return rhat <= until.rhat && ess >= until.ess; }
  };
  Diagnosis diagnosis() const;
  /// What the positions allow an effective size to be.
  double largest_size() const { return 2 * motion_.positions(); }
  std::string reason(const Diagnosis& diagnosis, const Summary& summary) const;
  double test_points() const { return static_cast<double>(problem_.data.test.x.rows()); }
  Vector watched_error() const { return watched_.col(wants_test_ ? 1 : 0); }
  void append_diagnosis(const Diagnosis& diagnosis);
  void add_predictor(const Output& test);
  void add_matrices(std::vector<Array> matrices);
  void watch(double value) { watched_(count_, watched_used_++) = value; }
  void append(Observable observable, double coordinate, double value, double standard_error = 0);
  void append_series(const Reading& key, const Vector& series);
  void append_variance();
  bool asked(std::initializer_list<Observable> observables) const;

  const Problem& problem_;
  const network::Network& network_;
  const ObservePlan& plan_;
  NetworkReader reader_;
  Stream draws_;
  bool wants_test_;
  Index samples_, count_ = 0;
  ChainUntil until_;
  std::vector<Reading> keys_;  ///< of the columns of series_
  Matrix series_, watched_;    ///< [samples × columns]
  Index watched_used_ = 0;
  Motion motion_;
  Vector predictor_;             ///< running mean of the outputs on the test set
  Vector spread_, inner_;        ///< per sample: increment of ⟨Σ (m − m̄)²⟩, and ⟨v⟩
  std::vector<Array> matrices_;  ///< running means
  Result result_;
};

}  // namespace fieldscan::training
