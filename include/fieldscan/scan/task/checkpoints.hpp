#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

#include "fieldscan/scan/points/point.hpp"

namespace fieldscan::scan {

/// A training keeps its state in a campaign where it is estimated to take so many seconds at least.
constexpr double least_checkpointed_seconds = 1;

/// Where the long trainings of a process keep their state.
struct Checkpoints {
  std::filesystem::path directory;
  std::string program;              ///< its version: no other one reads the state
  double seconds = 300;             ///< from one save to the next
  double least = 0;                 ///< trainings that are estimated to take fewer seconds keep no state
  std::function<bool()> stop = {};  ///< whether the process is asked to save and end
};

/// The file with the state of one replica's training. Its name is the hash of what the bits depend on: point, replica,
/// what is observed, and the program. It holds that text, the state and a checksum; one that is damaged or of something
/// else counts as absent, with a note on stderr. It is written beside its place and renamed; where that fails the
/// training goes on without, with a note.
class CheckpointFile {
 public:
  CheckpointFile(const Checkpoints& settings, const Point& point, const training::ObservePlan& plan, std::int64_t draw,
                 std::int64_t initialisation);

  /// Refers to this object.
  training::Checkpoint checkpoint();
  Bytes load() const;
  void save(const Bytes& state) const;
  /// The training is done: removes the file, and the directory with the last one.
  void remove() const;
  const std::filesystem::path& path() const { return path_; }

 private:
  training::Checkpoint::Wish wish();

  const Checkpoints& settings_;
  std::string identity_;
  std::filesystem::path path_;
  std::chrono::steady_clock::time_point saved_, looked_;
};

}  // namespace fieldscan::scan
