#pragma once
#include <filesystem>
#include <memory>
#include <string>

namespace spdlog {
class logger;
}

namespace fieldscan::campaign {

/// The log of a run: DIR/run.log, appended to, with the time before each line.
class RunLog {
 public:
  explicit RunLog(const std::filesystem::path& directory);
  ~RunLog();
  void info(const std::string& text);
  void warning(const std::string& text);
  void error(const std::string& text);

 private:
  std::unique_ptr<spdlog::logger> logger_;
};

}  // namespace fieldscan::campaign
