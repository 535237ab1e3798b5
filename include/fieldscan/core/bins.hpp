#pragma once

namespace fieldscan {

/// Bins of equal width for overlap_histogram; what lies outside counts to the bin at that end.
struct Bins {
  int count = 81;
  double low = -2, high = 2;
  double centre(int bin) const { return low + (bin + 0.5) * (high - low) / count; }
  bool operator==(const Bins&) const = default;
};

}  // namespace fieldscan
