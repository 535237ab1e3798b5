#pragma once
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace fieldscan::store {

/// Who writes to a run directory.
struct Holder {
  std::string host, boot;  ///< boot: of the running kernel; a pid means nothing after a restart
  pid_t pid = 0;
  std::uint64_t start_time = 0;  ///< of the process, in clock ticks since boot: pids are used again
  std::string job, restart;      ///< Slurm's job and how often it was requeued; empty outside
  std::int64_t commits = 0;      ///< that it says the store has
  std::string text() const;
  static std::optional<Holder> parse(const std::string& text);
  static Holder self();
  static Holder of(pid_t pid);  ///< of a process on this host
};

/// Whether that process may still be writing. Another host can only be asked through Slurm; without an answer: yes.
bool may_be_alive(const Holder& holder);

/// The lock file of a run directory, held until the end of this object's life. Two locks stand behind each other: the
/// kernel's (flock), which ends with the process however it dies, and the content of the file, for file systems without
/// the first.
class WriterLock {
 public:
  /// Throws Busy with who holds it.
  explicit WriterLock(const std::filesystem::path& file);
  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&&) = delete;
  ~WriterLock();
  /// Whether the last holder did not release it: that process was killed.
  bool left_open() const { return left_open_; }
  /// How many commits the holders so far have said that the store has.
  std::int64_t commits() const { return commits_; }
  /// Says so many, in the file: what a killed holder leaves there tells the next one, and readers, what must be in the
  /// store.
  void mark(std::int64_t commits);
  /// To be called now and then: makes the file again where it was removed. Throws Gone where another run has made one
  /// meanwhile.
  void keep();

 private:
  bool in_place() const;
  void write_holder() const;

  std::filesystem::path file_;
  int descriptor_ = -1;
  bool left_open_ = false;
  std::int64_t commits_ = 0;
};

/// The commits that the lock file of a run directory tells of; 0 where there is none.
std::int64_t marked_commits(const std::filesystem::path& file);

}  // namespace fieldscan::store
