#include "log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>

#include "fieldscan/core/error.hpp"

namespace fieldscan::campaign {

RunLog::RunLog(const std::filesystem::path& directory) {
  const auto file = directory / "run.log";
  try {
    logger_ =
        std::make_unique<spdlog::logger>("run", std::make_shared<spdlog::sinks::basic_file_sink_st>(file.string()));
  } catch (const spdlog::spdlog_ex& error) {
    throw EnvironmentError(std::string("can not write the log (") + error.what() +
                           "); choose a directory that can be written");
  }
  logger_->set_pattern("%Y-%m-%dT%H:%M:%S%z %l: %v");
  logger_->flush_on(spdlog::level::info);
  logger_->set_error_handler([](const std::string&) {});  // a full disk is the store's to say
}
RunLog::~RunLog() = default;

void RunLog::info(const std::string& text) { logger_->info("{}", text); }
void RunLog::warning(const std::string& text) { logger_->warn("{}", text); }
void RunLog::error(const std::string& text) { logger_->error("{}", text); }

}  // namespace fieldscan::campaign
