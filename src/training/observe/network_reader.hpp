#pragma once
#include <vector>

#include "measure.hpp"
#include "probe.hpp"

/// What is measured of a network itself, on the points that the plan's views name.
namespace fieldscan::training {

enum class Moment { passing, end };

class NetworkReader {
 public:
  /// `start`: θ₀, from which changes are measured and whose outputs are subtracted where the network is centred;
  /// nullptr for a chain, which has no initial network.
  NetworkReader(const Problem& problem, const network::Network& network, const ObservePlan& plan, const Vector* start);

  bool wanted() const { return !passes_.empty() || !kernels_.empty() || hidden_; }
  /// Appends the numbers and the matrices of θ.
  void read(const Vector& theta, Moment moment, std::vector<Reading>& numbers, std::vector<Array>& matrices) const;

 private:
  /// One pass over one set of points.
  struct Pass {
    Probe probe;
    ObservePlan plan;
    Vector offset;  ///< f(θ₀), empty where not centred
  };
  /// One kernel on one set of points.
  struct Kernel {
    EmpiricalKernel kind;
    Probe probe;
    std::vector<View> views;
    Matrix initial;  ///< at θ₀, where its change is wanted
  };

  void add_pass(Observable observable, const Vector* start);
  void add_kernel(Observable observable, const Vector* start);
  Matrix form(const Kernel& kernel, const VectorView& theta) const;
  void read_pass(const Pass& pass, const Vector& theta, std::vector<Reading>& numbers) const;
  void read_kernel(const Kernel& kernel, const Vector& theta, Moment moment, std::vector<Reading>& numbers,
                   std::vector<Array>& matrices) const;
  void read_hidden(const Vector& theta, std::vector<Array>& matrices) const;

  const Problem& problem_;
  const network::Network& network_;
  const ObservePlan& plan_;
  std::vector<Pass> passes_;
  std::vector<Kernel> kernels_;
  std::optional<Probe> hidden_;  ///< of hidden_kernel
};

}  // namespace fieldscan::training
