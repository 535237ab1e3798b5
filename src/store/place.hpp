#pragma once
#include <sys/types.h>

#include <ctime>
#include <filesystem>
#include <string>

namespace fieldscan::store {

/// A file that is open under a path, seen from outside: others may remove, move, replace or overwrite it meanwhile.
class Place {
 public:
  /// Of the file that is at the path now. Throws EnvironmentError where there is none.
  explicit Place(std::filesystem::path path);
  Place(Place&& other) noexcept;
  Place& operator=(Place&&) = delete;
  ~Place();

  enum class Fate {
    there,    ///< or it can not be told: then a write will tell
    cut,      ///< there, but shorter than it was
    moved,    ///< has another path now
    removed,  ///< has no path any more
  };
  Fate fate() const;
  /// To be called when all that was written is in the file: from now on it must not be shorter.
  void remember_size();
  /// Whether anybody has written to the file since: then its content is to be looked at.
  bool touched() const;
  const std::filesystem::path& path() const { return path_; }
  /// Where a moved file is now.
  std::string where() const;

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;  ///< names the file only (O_PATH): a lock of this process is not lost when it is closed
  off_t size_ = 0;
  timespec written_ = {};  ///< when it was written to last
};

}  // namespace fieldscan::store
