#pragma once
#include <unistd.h>

#include <filesystem>
#include <string>

namespace fieldscan::test {

/// A place for files of this process alone, so that programs of tests can run side by side; all of it goes when the
/// process ends.
inline std::filesystem::path temporary(const std::string& name) {
  struct Folder {
    pid_t owner = getpid();
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("fieldscan-test-" + std::to_string(getpid()));
    Folder() { std::filesystem::create_directories(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
      std::error_code ignored;
      if (getpid() == owner) std::filesystem::remove_all(path, ignored);  // not in a child
    }
  };
  static const Folder folder;
  return folder.path / name;
}

}  // namespace fieldscan::test
