#pragma once
#include <optional>

namespace fieldscan::campaign {

/// Whether a worker still hears rank 0, which may be stopped or stuck: by what it knows without it, the deadline and
/// its own clock.
///
/// A busy rank 0 must never be taken for a dead one. So nobody leaves before the deadline, whatever the silence; ten
/// minutes after it, ten of them without a word, nothing useful can come: rank 0 itself leaves within half a minute of
/// it. A worker that computes is asked every ten seconds whether it lives: where it was not for ten minutes, that is
/// said. Times in which this process was suspended count for nothing.
class Hearing {
 public:
  enum class Verdict { fine, say, leave };
  static constexpr double patience = 600;

  /// The deadline in seconds after the start; all times are such seconds.
  explicit Hearing(std::optional<double> deadline) : deadline_(deadline) {}
  /// A message has come.
  void hear(double now) { heard_ = now; }
  /// To be called often; `busy`: rank 0 should be asking. `say` comes once for each silence.
  Verdict look(double now, bool busy);

 private:
  std::optional<double> deadline_;
  double heard_ = 0, looked_ = 0;
  double said_ = -1;  ///< of which silence it was said: when that began
};

}  // namespace fieldscan::campaign
