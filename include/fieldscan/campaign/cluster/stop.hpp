#pragma once
#include <filesystem>
#include <optional>
#include <string>

/// The end of a run from outside: a file in its directory, which rank 0 looks for every second, wherever it runs.
namespace fieldscan::campaign {

enum class StopWish {
  drain,  ///< what is computed may finish, predictions within seconds
  now,    ///< what is computed is ended; long trainings save their state
};

/// Asks the run in a directory to stop, and says in words what was done. Throws EnvironmentError where no run is known
/// to write there, and where the directory can not be written.
std::string request_stop(const std::filesystem::path& directory, StopWish wish);

/// What is asked of the run in a directory.
std::optional<StopWish> stop_request(const std::filesystem::path& directory);
/// Forgets it: it was followed, or meant a former run.
void forget_stop_request(const std::filesystem::path& directory);

}  // namespace fieldscan::campaign
