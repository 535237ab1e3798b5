#include "deadline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "fieldscan/campaign/cluster/duration.hpp"

namespace fieldscan::campaign {

namespace {

constexpr double longest_duration = 1e9;

std::optional<double> from_end_time() {
  const char* text = std::getenv("SLURM_JOB_END_TIME");
  if (text == nullptr) return std::nullopt;
  char* end = nullptr;
  const double seconds = std::strtod(text, &end);  // since 1970
  if (end == text || !(seconds > 0)) return std::nullopt;
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  return seconds - now.count();
}

std::optional<double> from_squeue() {
  const char* job = std::getenv("SLURM_JOB_ID");
  if (job == nullptr || std::string_view(job).find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  std::FILE* pipe = popen(fmt::format("squeue -h -j {} -o %L 2>/dev/null", job).c_str(), "r");
  if (pipe == nullptr) return std::nullopt;
  std::array<char, 64> line{};
  const bool got = std::fgets(line.data(), line.size(), pipe) != nullptr;
  pclose(pipe);
  return got ? parse_time_left(line.data()) : std::nullopt;
}

}  // namespace

std::optional<double> parse_time_left(const std::string& text) {
  int days = 0, read = 0;
  const char* rest = text.c_str();
  if (std::sscanf(rest, "%d-%n", &days, &read) == 1 && read > 0)
    rest += read;
  else
    days = 0;
  int a = 0, b = 0, c = 0;
  const int fields = std::sscanf(rest, "%d:%d:%d", &a, &b, &c);
  if (fields < 1 || a < 0 || b < 0 || c < 0) return std::nullopt;
  const int seconds = fields == 3 ? 3600 * a + 60 * b + c : fields == 2 ? 60 * a + b : a;
  return 86400.0 * days + seconds;
}

std::optional<double> parse_duration(const std::string& text) {
  std::vector<double> numbers;
  const char* at = text.c_str();
  for (;;) {
    if (*at < '0' || *at > '9') return std::nullopt;  // no sign, no blank, no word
    char* end = nullptr;
    numbers.push_back(std::strtod(at, &end));
    at = end;
    if (*at != ':') break;
    ++at;
  }
  const std::string unit = at;
  double seconds = -1;
  if (numbers.size() == 3 && unit.empty()) seconds = 3600 * numbers[0] + 60 * numbers[1] + numbers[2];
  if (numbers.size() == 1)
    seconds = numbers[0] * (unit.empty() || unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : -1);
  return seconds >= 0 && seconds <= longest_duration ? std::optional(seconds) : std::nullopt;
}

std::optional<double> deadline_of_worker(std::optional<double> given) {
  if (given) return given;
  const auto left = from_end_time();
  return left && *left > 0 ? left : std::nullopt;
}

std::optional<Deadline> find_deadline(std::optional<double> given) {
  if (given) return Deadline{.seconds = *given, .source = "--deadline"};
  auto left = from_end_time();
  std::string source = "SLURM_JOB_END_TIME";
  if (!left || *left <= 0)
    if (const auto asked = from_squeue()) {
      left = asked;
      source = "squeue";
    }
  if (!left) return std::nullopt;
  return Deadline{.seconds = *left - std::min(30.0, 0.1 * std::max(*left, 0.0)), .source = source};
}

}  // namespace fieldscan::campaign
