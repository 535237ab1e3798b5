#include "holders.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <sstream>

namespace fieldscan::store {

namespace {

/// The number of a file in its file system, as /proc/locks has it behind the last colon; 0 where there is no such file.
ino_t number_of(const std::string& file) {
  struct stat about {};
  return ::stat(file.c_str(), &about) == 0 ? about.st_ino : 0;
}

std::string name_of(long pid) {
  std::ifstream in(fmt::format("/proc/{}/comm", pid));
  std::string name;
  std::getline(in, name);
  for (char& c : name)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return name;
}

}  // namespace

std::string holders_of(const std::filesystem::path& store) {
  // With a write-ahead log the locks of writers are in the file of shared memory, and readers make nobody wait.
  const ino_t shared = number_of(store.string() + "-shm"), file = number_of(store.string());
  std::ifstream in("/proc/locks");
  std::set<long> pids;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string number, kind, advisory, access, place;
    long pid = 0;
    if (!(words >> number >> kind >> advisory >> access >> pid >> place) || kind != "POSIX") continue;  // or it waits
    const ino_t of = std::strtoull(place.substr(place.rfind(':') + 1).c_str(), nullptr, 10);
    if (of == 0 || (of != shared && of != file)) continue;
    if (pid > 0 && pid != getpid() && (access == "WRITE" || shared == 0)) pids.insert(pid);
  }
  std::string text;
  for (const long pid : pids) text += fmt::format("{}process {} ({})", text.empty() ? "" : ", ", pid, name_of(pid));
  return text;
}

std::string held_text(const std::filesystem::path& store) {
  const std::string who = holders_of(store);
  return fmt::format("another program holds {}: {}; end it, or wait for it", store.string(),
                     who.empty() ? "none of this machine that can be seen, so perhaps one of another machine" : who);
}

}  // namespace fieldscan::store
