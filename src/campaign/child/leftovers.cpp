#include "leftovers.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace fieldscan::campaign {

namespace {

/// Whether a process runs; one that is dead and not yet reaped does not.
bool alive(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(in, line)) return false;
  const auto bracket = line.rfind(')');
  return bracket != std::string::npos && bracket + 2 < line.size() && line[bracket + 2] != 'Z';
}

}  // namespace

Leftovers find_leftovers(const std::string& maps) {
  Leftovers found;
  std::istringstream in(maps);
  for (std::string line; std::getline(in, line);) {
    const auto begin = line.find('/');
    if (begin == std::string::npos) continue;
    std::string path = line.substr(begin);
    // Of .../ompi.HOST.UID/pid.N/... the directory of the job goes as a whole.
    if (const auto job = path.find("/ompi."), pid = path.find("/pid.", job);
        job != std::string::npos && pid != std::string::npos) {
      found.owner = static_cast<pid_t>(std::strtol(path.c_str() + pid + 5, nullptr, 10));
      path.erase(std::min(path.find('/', pid + 1), path.size()));
    } else if (path.find("/vader_segment.") == std::string::npos) {
      continue;
    }
    if (std::ranges::find(found.paths, path) == found.paths.end()) found.paths.push_back(path);
  }
  return found.owner > 0 ? found : Leftovers{};
}

void remove_leftovers(const Leftovers& leftovers, std::chrono::milliseconds patience) {
  if (leftovers.owner <= 0) return;
  // A killed process closes its connections, which is what ends the ranks, a moment before it counts as dead.
  for (const auto end = std::chrono::steady_clock::now() + patience; alive(leftovers.owner);) {
    if (std::chrono::steady_clock::now() >= end) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  for (const std::string& path : leftovers.paths) {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
    if (path.find("/pid.") != std::string::npos)
      std::filesystem::remove(std::filesystem::path(path).parent_path(), ignored);  // where no other job is in it
  }
}

}  // namespace fieldscan::campaign
