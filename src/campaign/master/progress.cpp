#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <ctime>

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
    : directory_(std::move(directory)), quiet_(quiet), terminal_(isatty(STDERR_FILENO) == 1), printed_(Clock::now()) {}

void ProgressDisplay::update(const Progress& progress) {
  const auto now = Clock::now();
  if (now - written_ >= 2s) {
    write_status(directory_, progress);
    written_ = now;
  }
  if (now - printed_ >= (terminal_ ? std::chrono::milliseconds(500ms) : std::chrono::milliseconds(60s))) {
    print(progress_line(progress), false);
    printed_ = now;
  }
}

void ProgressDisplay::finish(const Progress& progress) {
  write_status(directory_, progress);
  print(progress_line(progress), true);
}

void ProgressDisplay::say(const std::string& text) {
  if (!quiet_) insist(text);
}

void ProgressDisplay::insist(const std::string& text) {
  if (width_ > 0) say_in_passing(fmt::format("\r{:{}}\r", "", width_));
  width_ = 0;
  say_in_passing(fmt::format("fieldscan: {}\n", printable(text)));
}

void ProgressDisplay::print(const std::string& line, bool last) {
  if (quiet_) return;
  if (!terminal_) {
    say_in_passing(fmt::format("fieldscan: {}\n", line));
    return;
  }
  const std::size_t width = std::max(width_, line.size());
  say_in_passing(fmt::format("\r{:<{}}{}", line, width, last ? "\n" : ""));
  width_ = last ? 0 : line.size();
}

}  // namespace fieldscan::campaign
