#include "descending.hpp"

#include <algorithm>

namespace fieldscan::theory {

std::vector<Mode> positive_modes(const Spectrum& spectrum) {
  std::vector<Mode> modes;
  for (Index l = 0; l < spectrum.eigenvalue.size(); ++l)
    if (spectrum.eigenvalue[l] > 0) modes.push_back({spectrum.eigenvalue[l], spectrum.degeneracy[l]});
  std::sort(modes.begin(), modes.end(), [](const Mode& a, const Mode& b) { return a.eigenvalue > b.eigenvalue; });
  return modes;
}

double rank_of(const std::vector<Mode>& modes) {
  double sum = 0;
  for (const auto& m : modes) sum += m.degeneracy;
  return sum;
}

double trace_of(const std::vector<Mode>& modes) {
  double sum = 0;
  for (const auto& m : modes) sum += m.degeneracy * m.eigenvalue;
  return sum;
}

double lower_bound(const std::vector<Mode>& modes, double points, double rest) {
  double bound = rest / points;
  double count = 0;
  for (const auto& m : modes) {
    count += m.degeneracy;
    bound = std::max(bound, m.eigenvalue * (count - points) / points);
  }
  return bound;
}

ShareSum share_sum(const std::vector<Mode>& modes, double rest, double k) {
  ShareSum out{rest / k, -rest / (k * k)};
  for (const auto& m : modes) {
    const double share = m.eigenvalue / (m.eigenvalue + k);
    out.value += m.degeneracy * share;
    out.slope -= m.degeneracy * share / (m.eigenvalue + k);
  }
  return out;
}

}  // namespace fieldscan::theory
