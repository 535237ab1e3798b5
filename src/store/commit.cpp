#include <fmt/format.h>

#include <stdexcept>

#include "count.hpp"
#include "holders.hpp"
#include "implementation.hpp"
#include "schema.hpp"

namespace fieldscan::store {

Commit Store::try_commit(std::chrono::milliseconds patience) {
  Implementation& self = *implementation_;
  if (self.mode == Mode::read) {
    if (self.pending.empty()) return Commit::done;
    throw std::logic_error("the store was opened for reading");
  }
  expect_in_place(self);
  expect_untouched(self);
  if (self.pending.empty()) return Commit::done;
  self.database.wait_at_most(patience);
  try {
    write_pending(self.database, self.pending);
  } catch (const Busy&) {
    self.database.wait_at_most(patience_of_writer);
    return Commit::held;
  }
  self.database.wait_at_most(patience_of_writer);
  mark_commits(self);
  expect_in_place(self);  // else what was just written is in files that nobody finds
  self.pending.clear();
  return Commit::done;
}

void Store::commit() {
  if (try_commit(patience_of_writer) == Commit::held)
    throw Busy(held_text(implementation_->directory / "store.sqlite"));
}

std::size_t Store::uncommitted() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      implementation_->pending, [](const Change& change) { return std::holds_alternative<Put>(change); }));
}

void commit_counted(const Database& database, Transaction& transaction) {
  database.execute("UPDATE commits SET number = number + 1");
  transaction.commit();
}

void mark_commits(Store::Implementation& store) {
  if (!store.lock) return;
  const std::int64_t commits = commits_of(store.database);
  store.lock->mark(commits);
  write_count(store.directory, commits);
  for (Place& place : store.places) place.remember_size();
}

std::string Store::lost() const {
  const std::int64_t lost = implementation_->lost_commits;
  if (lost == 0) return "";
  return fmt::format(
      "the last {} of the runs in '{}' {} lost (the log of writes was damaged, removed or cut by a power failure, or "
      "an older copy of the store was brought back): `fieldscan run` computes what they held again",
      lost == 1 ? "commit" : fmt::format("{} commits", lost), implementation_->directory.string(),
      lost == 1 ? "is" : "are");
}

std::string Store::holders() const { return held_text(implementation_->directory / "store.sqlite"); }

}  // namespace fieldscan::store
