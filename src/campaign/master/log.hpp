#pragma once
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace fieldscan::campaign {

/// A text as a JSON string, in quotes.
std::string json_text(const std::string& text);

/// A file that is appended to, line by line. Where it was removed or moved it is made again: the words of a run stand
/// where they are looked for; where it can not be made, its folder having been moved, the file that was moved gets
/// them. Of a symbolic link, a pipe or a device nothing is followed or waited for.
class AppendedFile {
 public:
  /// Throws EnvironmentError where it can not be written.
  explicit AppendedFile(std::filesystem::path path);
  AppendedFile(const AppendedFile&) = delete;
  AppendedFile& operator=(const AppendedFile&) = delete;
  ~AppendedFile();
  /// A failure is not an error: a full disk is the store's to say.
  void append(std::string line);

 private:
  bool open_file();
  bool in_place() const;

  std::filesystem::path path_;
  int descriptor_ = -1;
};

/// The log of a run, for people and for programs: DIR/run.log with one line, and DIR/run.jsonl with one JSON object,
/// per event. Both are appended to. Of one event a thousand are written, then the 1024th, 2048th, …: what happens to
/// every task must not fill the disk.
class RunLog {
 public:
  explicit RunLog(const std::filesystem::path& directory);
  /// Names of an event's fields, with their values as JSON.
  using Fields = std::vector<std::pair<std::string, std::string>>;
  void info(const std::string& event, const std::string& text, const Fields& fields = {});
  void warning(const std::string& event, const std::string& text, const Fields& fields = {});
  void error(const std::string& event, const std::string& text, const Fields& fields = {});

 private:
  void write(const char* level, const std::string& event, std::string text, const Fields& fields);

  AppendedFile text_, json_;
  std::map<std::string, std::uint64_t> written_;  ///< by event
};

}  // namespace fieldscan::campaign
