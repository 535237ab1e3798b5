#include "trace.hpp"

#include "fieldscan/core/observable_list.hpp"

namespace fieldscan::training {

Array trace_of(const Matrix& watched, std::pair<double, double> points) {
  const Index every = (watched.rows() + most_traced - 1) / most_traced, kept = (watched.rows() + every - 1) / every;
  Array trace{.observable = listed("chain_trace"), .shape = {watched.cols(), kept}, .data = {}};
  for (Index k = 0; k < watched.cols(); ++k) {
    const double unit = k == 0 ? points.first : k == 1 ? points.second : 1;
    for (Index s = 0; s < kept; ++s) trace.data.push_back(watched(s * every, k) / unit);
  }
  return trace;
}

}  // namespace fieldscan::training
