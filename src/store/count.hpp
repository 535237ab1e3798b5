#pragma once
#include <cstdint>
#include <filesystem>

/// How many commits a store has had, said beside it: `store.commits`, one number. It stays when the run has ended, so
/// that a log of writes that was lost together with the lock is missed, and a store that an older copy has replaced.
namespace fieldscan::store {

/// Says so many. A failure is not an error: the lock says it too, and the next commit says it again.
void write_count(const std::filesystem::path& directory, std::int64_t commits);
/// The commits that the run directory tells of, by this file or by its lock; 0 where neither is there.
std::int64_t counted_commits(const std::filesystem::path& directory);

}  // namespace fieldscan::store
