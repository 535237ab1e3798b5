#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace spdlog {
class logger;
}

namespace fieldscan::campaign {

/// A text as a JSON string, in quotes.
std::string json_text(const std::string& text);

/// The log of a run, for people and for programs: DIR/run.log with one line, and DIR/run.jsonl with one JSON object, per event. Both
/// are appended to. Of one event a thousand are written, then the 1024th, 2048th, …: what happens to every task must not fill the disk.
class RunLog {
 public:
  explicit RunLog(const std::filesystem::path& directory);
  ~RunLog();
  /// Names of an event's fields, with their values as JSON.
  using Fields = std::vector<std::pair<std::string, std::string>>;
  void info(const std::string& event, const std::string& text, const Fields& fields = {});
  void warning(const std::string& event, const std::string& text, const Fields& fields = {});
  void error(const std::string& event, const std::string& text, const Fields& fields = {});

 private:
  enum class Severity { info, warning, error };
  void write(Severity severity, const std::string& event, const std::string& text, const Fields& fields);

  std::unique_ptr<spdlog::logger> text_, json_;
  std::map<std::string, std::uint64_t> written_;  ///< by event
};

}  // namespace fieldscan::campaign
