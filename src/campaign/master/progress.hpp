#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

namespace fieldscan::campaign {

/// Where a campaign stands; members are replicas and draws of predictions.
struct Progress {
  std::string state = "running";  ///< running, draining; at the end: finished, incomplete, drained, broken
  int exit_status = -1;           ///< −1 while it runs
  std::uint64_t wanted = 0, already = 0, done = 0, failed = 0, running = 0, results_not_done = 0;
  std::size_t workers = 0;
  double seconds = 0;        ///< since the start
  double seconds_left = 0;   ///< expected
  double work_done = 0;      ///< part of the expected computing time, of all runs together, that is done
  double busy_fraction = 0;  ///< of the workers' time, in which they computed
};

/// "120/400 (31 % of the work), 4 running, 1 failed, 3.2/s, 1 min 20 s left".
std::string progress_line(const Progress& progress);
/// Whether a terminal has colours: not where NO_COLOR is set and not empty, or TERM is "dumb" (no-color.org).
enum class Colours { none, some };
Colours colours_of_terminal();
/// The same for a terminal: a bar of the work that is done before it, what failed in red.
std::string live_line(const Progress& progress, Colours colours);
/// "31 %"; rounded down, so that 100 % is kept for the end.
std::string percent_text(double part);
/// "1 h 20 min", "12 s".
std::string duration_text(double seconds);
std::string to_json(const Progress& progress);
/// Writes DIR/status.json so that a reader sees the old one or the new one. A failure is not an error: the next one
/// follows.
void write_status(const std::filesystem::path& directory, const Progress& progress);

/// Shows progress on stderr: one live line on a terminal, one line a minute otherwise, nothing where quiet. And writes
/// status.json every two seconds.
class ProgressDisplay {
 public:
  ProgressDisplay(std::filesystem::path directory, bool quiet);
  void update(const Progress& progress);
  /// The last word; ends the live line.
  void finish(const Progress& progress);
  /// A line beside the progress.
  void say(const std::string& text);
  /// A line that is printed even where quiet: why the run ends as it does.
  void insist(const std::string& text);

 private:
  using Clock = std::chrono::steady_clock;
  void print(const Progress& progress, bool last);

  std::filesystem::path directory_;
  bool quiet_, terminal_;
  Colours colours_;
  Clock::time_point printed_, written_;
  bool live_ = false;  ///< whether the live line stands there
};

}  // namespace fieldscan::campaign
