#pragma once
#include <filesystem>
#include <string>

namespace fieldscan::campaign {

/// What the log of a run directory, run.jsonl, tells of the end of its last run.
struct LastWords {
  bool ended = false;      ///< its last line is of an end: a run that says why, or that it is done
  std::string words = {};  ///< that line; else the last error since the run began; empty where there is none
};
/// Of the last 64 kB of the log; nothing where there is none.
LastWords last_words(const std::filesystem::path& directory);

}  // namespace fieldscan::campaign
