#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <string_view>

#include "../worker/worker.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/output.hpp"
#include "fieldscan/core/printable.hpp"

namespace fieldscan::campaign {

using namespace std::chrono_literals;

std::string duration_text(double seconds) {
  const auto whole = static_cast<long>(std::clamp(seconds, 0.0, 1e12));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  if (whole < 86400) return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
  return fmt::format("{} d {} h", whole / 86400, whole / 3600 % 24);
}

std::string percent_text(double part) {
  return fmt::format("{} %", static_cast<int>(std::floor(100 * std::clamp(part, 0.0, 1.0) + 1e-9)));
}

std::string progress_line(const Progress& p) {
  const std::uint64_t finished = p.already + p.done;
  std::string line = fmt::format("{}/{} ({} of the work), {} running", finished, p.wanted,
                                 percent_text(finished < p.wanted ? std::min(p.work_done, 0.99) : 1), p.running);
  if (p.failed > 0) line += fmt::format(", {} failed", p.failed);
  if (p.seconds > 0) line += fmt::format(", {:.3g}/s", static_cast<double>(p.done) / p.seconds);
  if (p.exit_status < 0) line += fmt::format(", {} left", duration_text(p.seconds_left));
  if (p.state != "running") line += ", " + p.state;
  return line;
}

Colours colours_of_terminal() {
  const char *refused = std::getenv("NO_COLOR"), *terminal = std::getenv("TERM");
  const bool plain = (refused && *refused != '\0') || !terminal || std::string_view(terminal) == "dumb";
  return plain ? Colours::none : Colours::some;
}

std::string live_line(const Progress& p, Colours colours) {
  constexpr int cells = 20;
  const std::uint64_t finished = p.already + p.done;
  const double part = finished < p.wanted ? std::min(p.work_done, 0.99) : 1;
  const int full = static_cast<int>(std::floor(cells * std::clamp(part, 0.0, 1.0)));
  std::string bar;
  for (int k = 0; k < cells; ++k) bar += k < full ? "█" : "░";
  std::string line = progress_line(p);
  if (colours == Colours::none) return bar + " " + line;
  const std::string failed = fmt::format("{} failed", p.failed);
  if (const auto at = line.find(failed); p.failed > 0 && at != std::string::npos)
    line.replace(at, failed.size(), "\x1b[31m" + failed + "\x1b[0m");
  return fmt::format("\x1b[{}m{}\x1b[0m {}", finished < p.wanted ? 36 : 32, bar, line);
}

std::string to_json(const Progress& p) {
  const std::uint64_t finished = p.already + p.done + p.failed;
  return fmt::format(
      "{{\n  \"state\": \"{}\",\n  \"exit_status\": {},\n  \"wanted\": {},\n  \"already\": {},\n  \"done\": {},\n  "
      "\"failed\": {},\n"
      "  \"left\": {},\n  \"running\": {},\n  \"results_not_done\": {},\n  \"workers\": {},\n  \"seconds\": {:.1f},\n"
      "  \"seconds_left\": {:.1f},\n  \"work_done\": {:.4f},\n  \"busy_fraction\": {:.3f},\n  \"host\": \"{}\",\n  "
      "\"pid\": {},\n  \"updated\": {}\n}}\n",
      p.state, p.exit_status < 0 ? "null" : std::to_string(p.exit_status), p.wanted, p.already, p.done, p.failed,
      p.wanted - std::min(p.wanted, finished), p.running, p.results_not_done, p.workers, p.seconds, p.seconds_left,
      p.work_done, p.busy_fraction, host_name(), getpid(), static_cast<long>(std::time(nullptr)));
}

void write_status(const std::filesystem::path& directory, const Progress& progress) {
  try {
    write_file(directory / "status.json", to_json(progress));
  } catch (const EnvironmentError&) {
    // The store says what is wrong with the directory.
  }
}

ProgressDisplay::ProgressDisplay(std::filesystem::path directory, bool quiet)
    : directory_(std::move(directory)),
      quiet_(quiet),
      terminal_(isatty(STDERR_FILENO) == 1),
      colours_(colours_of_terminal()) {}

void ProgressDisplay::update(const Progress& progress) {
  const auto now = Clock::now();
  if (now - written_ >= 2s) {
    write_status(directory_, progress);
    written_ = now;
  }
  // In a job the first line follows the start by as much as the others each other.
  if (printed_ == Clock::time_point{} && !terminal_) printed_ = now;
  if (now - printed_ >= (terminal_ ? std::chrono::milliseconds(500ms) : std::chrono::milliseconds(60s))) {
    print(progress, false);
    printed_ = now;
  }
}

void ProgressDisplay::finish(const Progress& progress) {
  write_status(directory_, progress);
  print(progress, true);
}

void ProgressDisplay::say(const std::string& text) {
  if (!quiet_) insist(text);
}

void ProgressDisplay::insist(const std::string& text) {
  if (live_) say_in_passing("\r\x1b[K");
  live_ = false;
  say_in_passing(fmt::format("fieldscan: {}\n", printable(text)));
}

void ProgressDisplay::print(const Progress& progress, bool last) {
  if (quiet_) return;
  if (!terminal_) {
    say_in_passing(fmt::format("fieldscan: {}\n", progress_line(progress)));
    return;
  }
  // The rest of what stood there is erased.
  say_in_passing(fmt::format("\r{}\x1b[K{}", live_line(progress, colours_), last ? "\n" : ""));
  live_ = !last;
}

}  // namespace fieldscan::campaign
