#include "log.hpp"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>

#include <bit>

#include "fieldscan/core/error.hpp"

namespace fieldscan::campaign {

namespace {

constexpr std::uint64_t most_of_one_event = 1000;

std::unique_ptr<spdlog::logger> open_log(const std::filesystem::path& file, const char* pattern) {
  std::unique_ptr<spdlog::logger> logger;
  try {
    logger =
        std::make_unique<spdlog::logger>("run", std::make_shared<spdlog::sinks::basic_file_sink_st>(file.string()));
  } catch (const spdlog::spdlog_ex& error) {
    throw EnvironmentError(std::string("can not write the log (") + error.what() +
                           "); choose a directory that can be written");
  }
  logger->set_pattern(pattern);
  logger->flush_on(spdlog::level::info);
  logger->set_error_handler([](const std::string&) {});  // a full disk is the store's to say
  return logger;
}

/// The members of an event's object; the pattern of the logger adds the brackets, time and level.
std::string members(const std::string& event, const std::string& text, const RunLog::Fields& fields) {
  std::string line = fmt::format("\"event\": {}, \"text\": {}", json_text(event), json_text(text));
  for (const auto& [name, value] : fields) line += fmt::format(", {}: {}", json_text(name), value);
  return line;
}

}  // namespace

std::string json_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("\\u{:04x}", c);
    else
      out += c;
  }
  return out + "\"";
}

RunLog::RunLog(const std::filesystem::path& directory)
    : text_(open_log(directory / "run.log", "%Y-%m-%dT%H:%M:%S%z %l: %v")),
      json_(open_log(directory / "run.jsonl", "{\"time\": \"%Y-%m-%dT%H:%M:%S.%e%z\", \"level\": \"%l\", %v}")) {}
RunLog::~RunLog() = default;

void RunLog::write(Severity severity, const std::string& event, const std::string& text, const Fields& fields) {
  const std::uint64_t count = ++written_[event];
  const bool rare = count <= most_of_one_event;
  if (!rare && !std::has_single_bit(count)) return;
  const std::string line = rare ? text : fmt::format("{} (number {} of this kind; most are not written)", text, count);
  const auto level = severity == Severity::info      ? spdlog::level::info
                     : severity == Severity::warning ? spdlog::level::warn
                                                     : spdlog::level::err;
  text_->log(level, "{}", line);
  json_->log(level, "{}", members(event, line, fields));
}

void RunLog::info(const std::string& event, const std::string& text, const Fields& fields) {
  write(Severity::info, event, text, fields);
}
void RunLog::warning(const std::string& event, const std::string& text, const Fields& fields) {
  write(Severity::warning, event, text, fields);
}
void RunLog::error(const std::string& event, const std::string& text, const Fields& fields) {
  write(Severity::error, event, text, fields);
}

}  // namespace fieldscan::campaign
