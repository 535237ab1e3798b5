#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "damage.hpp"
#include "implementation.hpp"
#include "schema.hpp"

namespace fieldscan::store {

namespace {

namespace fs = std::filesystem;

bool anything_at(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

/// A path in that directory at which nothing is.
fs::path free_path(const fs::path& directory) {
  fs::path path = directory / "store.saved.sqlite";
  for (int k = 2; anything_at(path); ++k) path = directory / fmt::format("store.saved-{}.sqlite", k);
  return path;
}

/// Brings what is pending and what is in the write-ahead log into the file itself, wherever that is now.
void bring_home(Store::Implementation& store) {
  if (!store.pending.empty()) write_pending(store.database, store.pending);
  if (store.journal == Journal::wal && store.database.integer("PRAGMA wal_checkpoint(TRUNCATE)") != 0)
    throw Busy("others read the store");
}

/// The files of this store's log that are still at their paths would be taken for those of its copy.
void remove_log(const Store::Implementation& store) {
  for (std::size_t k = 1; k < store.places.size(); ++k)
    if (store.places[k].fate() == Place::Fate::there) ::unlink(store.places[k].path().c_str());
}

/// A copy of all that the open file holds, with what is pending; where it is.
fs::path copy_of(Store::Implementation& store) {
  const fs::path file = store.places.front().path(), directory = file.parent_path();
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) throw EnvironmentError(fmt::format("{} can not be made again: {}", directory.string(), error.message()));
  const fs::path copy = free_path(directory);
  store.database.prepare("VACUUM INTO ?").bind(std::string_view(copy.string())).run();
  {
    const Database database(copy, Access::write);
    if (!store.pending.empty()) write_pending(database, store.pending);
  }
  if (anything_at(file)) return copy;
  remove_log(store);
  for (const char* of_log : {"-wal", "-journal"})  // of another store: SQLite would take them for the copy's
    if (fs::file_size(file.string() + of_log, error) > 0 && !error) return copy;
  return ::renameat2(AT_FDCWD, copy.c_str(), AT_FDCWD, file.c_str(), RENAME_NOREPLACE) == 0 ? file : copy;
}

std::string save(Store::Implementation& store, Place::Fate fate) {
  if (fate == Place::Fate::there) {
    bring_home(store);
    return "all results are in the store: run again to go on";
  }
  if (fate == Place::Fate::moved) {
    try {
      bring_home(store);
    } catch (const std::exception&) {
      // Without a log of writes SQLite writes to no file that was moved: what is pending is computed again.
    }
    return fmt::format("all results are in {}: move it back, and run again to go on", store.places.front().where());
  }
  const fs::path copy = copy_of(store);
  if (copy == store.places.front().path())
    return fmt::format("all results are saved again in {}: run again to go on", copy.string());
  return fmt::format("all results are saved in {}: to go on with them, make it the store.sqlite of a run directory",
                     copy.string());
}

const char* word_of(Place::Fate fate) {
  switch (fate) {
    case Place::Fate::cut:
      return "overwritten";
    case Place::Fate::moved:
      return "moved";
    case Place::Fate::there:
    case Place::Fate::removed:
      break;
  }
  return "removed";
}

}  // namespace

std::string rescue(Store::Implementation& store) {
  store.database.leave_files_alone();
  // What a log of writes held that was cut is nowhere else; to write the rest into the store would only damage it.
  if (std::any_of(store.places.begin() + 1, store.places.end(),
                  [](const Place& place) { return place.fate() == Place::Fate::cut; }))
    return "what this run had written since its log was last taken over is lost: the next run computes it again";
  try {
    return save(store, store.places.front().fate());
  } catch (const std::exception& error) {
    return fmt::format("what it holds could not be saved ({})", error.what());
  }
}

void expect_untouched(Store::Implementation& store) {
  if (store.places.empty() || !store.places.front().touched()) return;
  // Another program may have taken over the log of writes, which is no fault: what the file says decides.
  std::string problem;
  try {
    const Database fresh(store.places.front().path(), Access::read);
    check_schema(fresh, store.places.front().path());
    problem = fresh.text("PRAGMA quick_check(1)");
    if (problem == "ok") problem.clear();
    if (problem.empty() && commits_of(fresh) != commits_of(store.database)) problem = "it is another store";
    const Damage damage = problem.empty() ? find_damage(fresh) : Damage{};
    if (!damage.problems.empty()) problem = damage.problems.front();
  } catch (const Busy&) {
    return;
  } catch (const std::exception& error) {
    problem = error.what();
  }
  if (problem.empty()) return store.places.front().remember_size();
  store.database.leave_files_alone();
  throw Gone(
      fmt::format("{} was overwritten while this run wrote to it ({}): what is left is as others made it, and what "
                  "this run held is lost. Restore a copy, or remove it and run again",
                  store.places.front().path().string(), problem));
}

void expect_in_place(Store::Implementation& store) {
  for (const Place& place : store.places) {
    const Place::Fate fate = place.fate();
    if (fate == Place::Fate::there) continue;
    const std::string saved = rescue(store);
    throw Gone(fmt::format(
        "{} was {} while this run wrote to it; {}. Keep what cleans or moves files away from run directories",
        place.path().string(), word_of(fate), saved));
  }
  if (store.lock) store.lock->keep();
}

}  // namespace fieldscan::store
