#include "log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/printable.hpp"

namespace fieldscan::campaign {

namespace {

constexpr std::uint64_t most_of_one_event = 1000;

/// The time now, here, as "2026-11-29T08:30:00", milliseconds, and "+01:00".
struct TimeText {
  std::string seconds, milliseconds, zone;
};
TimeText time_text() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t whole = std::chrono::system_clock::to_time_t(now);
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
  std::tm parts{};
  localtime_r(&whole, &parts);
  std::array<char, 32> seconds{}, zone{};
  std::strftime(seconds.data(), seconds.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::strftime(zone.data(), zone.size(), "%z", &parts);
  std::string offset = zone.data();
  if (offset.size() == 5) offset.insert(3, ":");
  return {seconds.data(), fmt::format("{:03}", since.count() % 1000), offset};
}

}  // namespace

std::string json_text(const std::string& text) { return json_quoted(text); }

AppendedFile::AppendedFile(std::filesystem::path path) : path_(std::move(path)) {
  if (!open_file())
    throw EnvironmentError(fmt::format("can not write the log {} ({}); choose a directory that can be written",
                                       path_.string(), std::strerror(errno)));
}
AppendedFile::~AppendedFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool AppendedFile::open_file() {
  const int opened = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
  if (opened < 0) return false;
  struct stat about {};
  if (fstat(opened, &about) != 0 || !S_ISREG(about.st_mode)) {
    close(opened);
    errno = EINVAL;
    return false;
  }
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = opened;
  return true;
}

bool AppendedFile::in_place() const {
  struct stat mine {
  }, there{};
  return descriptor_ >= 0 && fstat(descriptor_, &mine) == 0 && lstat(path_.c_str(), &there) == 0 &&
         mine.st_dev == there.st_dev && mine.st_ino == there.st_ino;
}

void AppendedFile::append(std::string line) {
  line += '\n';
  if (!in_place() && !open_file() && descriptor_ < 0) return;  // else into the file that was moved away
  [[maybe_unused]] const ssize_t written = ::write(descriptor_, line.data(), line.size());
}

RunLog::RunLog(const std::filesystem::path& directory) : text_(directory / "run.log"), json_(directory / "run.jsonl") {}

void RunLog::write(const char* level, const std::string& event, std::string text, const Fields& fields) {
  const std::uint64_t count = ++written_[event];
  if (count > most_of_one_event) {
    if (!std::has_single_bit(count)) return;
    text += fmt::format(" (number {} of this kind; most are not written)", count);
  }
  const TimeText time = time_text();
  text_.append(fmt::format("{}{} {}: {}", time.seconds, time.zone, level, printable(text)));
  std::string object = fmt::format(R"({{"time": "{}.{}{}", "level": "{}", "event": {}, "text": {})", time.seconds,
                                   time.milliseconds, time.zone, level, json_text(event), json_text(text));
  for (const auto& [name, value] : fields) object += fmt::format(", {}: {}", json_text(name), value);
  json_.append(object + "}");
}

void RunLog::info(const std::string& event, const std::string& text, const Fields& fields) {
  write("info", event, text, fields);
}
void RunLog::warning(const std::string& event, const std::string& text, const Fields& fields) {
  write("warning", event, text, fields);
}
void RunLog::error(const std::string& event, const std::string& text, const Fields& fields) {
  write("error", event, text, fields);
}

}  // namespace fieldscan::campaign
