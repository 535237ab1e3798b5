#include "hearing.hpp"

namespace fieldscan::campaign {

namespace {

/// Between two looks so much time passes only where this process was suspended.
constexpr double suspended_after = 5;

}  // namespace

Hearing::Verdict Hearing::look(double now, bool busy) {
  if (const double gap = now - looked_; gap > suspended_after) {
    heard_ += gap;
    if (said_ >= 0) said_ += gap;
    if (deadline_) *deadline_ += gap;
  }
  looked_ = now;
  if (now - heard_ < patience) return Verdict::fine;
  if (deadline_ && now >= *deadline_ + patience) return Verdict::leave;
  if (!busy || said_ == heard_) return Verdict::fine;
  said_ = heard_;
  return Verdict::say;
}

}  // namespace fieldscan::campaign
