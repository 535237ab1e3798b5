#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/hash.hpp"
#include "fieldscan/core/row.hpp"
#include "fieldscan/data/facts.hpp"

namespace fieldscan::store {

/// The store is damaged, or belongs to another version of the schema. Exit status 7.
class StoreError : public std::runtime_error {
 public:
  explicit StoreError(const std::string& what) : std::runtime_error(what) {}
};
/// Another process writes to this run directory, or holds its store.
class Busy : public std::runtime_error {
 public:
  explicit Busy(const std::string& what) : std::runtime_error(what) {}
};

/// The files of a store that is being written are not at their path any more: removed, moved or replaced. The text says
/// where the results are now. Nothing more can be stored.
class Gone : public EnvironmentError {
 public:
  explicit Gone(const std::string& what) : EnvironmentError(what) {}
};

/// `write` makes what is missing; `change` writes to a store that is there, and makes none.
enum class Mode { read, write, change };
/// What became of a commit. `held`: another program holds the store; what was put stays, for a later commit.
enum class [[nodiscard]] Commit{done, held};
/// How commits are made durable. WAL with normal syncing lets others read while it writes, and needs a local file
/// system; the truncated rollback journal with full syncing works everywhere. `by_file_system`: WAL where the file
/// system is known to be local.
enum class Journal { by_file_system, wal, truncate };
enum class OwnerKind : std::uint8_t { point, prediction };

/// What is written beside a result, outside the contract of sameness.
struct Provenance {
  double seconds = 0;
  std::string host;
  int attempt = 1;
  std::string log_tail;
};

/// How one replica (or prediction for one draw) stands in the store.
struct Standing {
  Outcome outcome = Outcome::done;
  std::string reason;
  std::string observed;  ///< canonical text of what was asked to be observed
  Provenance provenance;
};

/// What tasks of one kind took, and what the formula said: their ratio corrects the formula. Never part of a result.
struct CostFactor {
  double estimated_seconds = 0, measured_seconds = 0;
  bool operator==(const CostFactor&) const = default;
};

/// A stored result with its owner.
struct StoredResult {
  Id owner;
  Result result;  ///< rows, arrays only where asked for
  Standing standing;
};

/// One run's results on disk: SQLite at DIR/store.sqlite, one writer.
///
/// Numbers that never leave a process have names on disk: observables are numbered by a table of the file.
///
/// A result is there or not: `put` collects, `commit` makes everything since the last commit durable in one
/// transaction; only then is it acknowledged. A result that is put again replaces the former one of (owner, draw,
/// initialisation) wholly.
class Store {
 public:
  /// Opens or creates. A writer takes the lock file (host, pid, job; checked for being alive) and throws Busy where it
  /// is held. Throws StoreError for damage, EnvironmentError for a directory that can not be used.
  static Store open(const std::filesystem::path& directory, Mode mode, Journal journal = Journal::by_file_system);
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  /// A scan text that ran here, with its overrides and the program's version; kept once per distinct text, with the
  /// time when it first ran: before the first result that it could have asked for. `data` are the files of data that it
  /// was read with.
  void put_scan(const std::string& name, const std::string& text, const std::vector<std::string>& overrides,
                const std::string& version, const data::DataFiles& data = {});
  struct ScanText {
    std::string name, text;
    std::vector<std::string> overrides;
    std::string version, started;
    data::DataFiles data = {};  ///< none in stores that earlier versions wrote
  };
  std::optional<ScanText> latest_scan() const;
  std::vector<ScanText> scan_texts() const;  ///< in the order in which they first ran

  /// The measured costs by kind of task, as they were put last.
  std::map<std::string, CostFactor> costs() const;
  /// Written with the next commit.
  void put_costs(const std::map<std::string, CostFactor>& costs);

  /// Throws std::invalid_argument for a value that is not finite: nothing of that result is kept.
  void put(OwnerKind kind, Id owner, const std::string& owner_text, const Result& result, const std::string& observed,
           const Provenance& provenance);
  /// Throws EnvironmentError for a full or unwritable disk: what was put stays, so that a later commit can succeed.
  /// Throws Gone where the files are not at their path any more: looked at before, after, and where nothing is to be
  /// committed.
  Commit try_commit(std::chrono::milliseconds patience);
  /// The same; throws Busy where others hold the store for ten seconds.
  void commit();
  std::size_t uncommitted() const;  ///< results that were put and wait for a commit
  /// Which programs hold the store, in words, for people.
  std::string holders() const;
  /// One sentence where results were lost that a killed run had committed: a damaged log of writes ends at the damage
  /// for SQLite, without a word. The lock that such a run leaves says how many commits it made. Empty where none are
  /// missed.
  std::string lost() const;
  /// Marks all results of an owner as not to be used; they stay, with the reason.
  void invalidate(Id owner, const std::string& reason);

  /// (draw, initialisation) -> standing, of one owner; invalidated results are not there.
  std::vector<std::pair<std::pair<std::int64_t, std::int64_t>, Standing>> standings(Id owner) const;
  /// The same for all owners, ordered by (owner, draw, initialisation).
  void for_each_standing(
      const std::function<void(Id, std::int64_t draw, std::int64_t initialisation, const Standing&)>& visit) const;
  /// Calls visit for every valid result, ordered by (owner, draw, initialisation).
  enum class Arrays { without, with };
  void for_each(Arrays arrays, const std::function<void(const StoredResult&)>& visit) const;
  /// The results of one owner, ordered by (draw, initialisation).
  std::vector<StoredResult> results(Id owner, Arrays arrays) const;
  /// Owners whose hex id begins with a prefix.
  std::vector<Id> find(const std::string& prefix) const;
  std::optional<std::string> owner_text(Id owner) const;
  std::optional<OwnerKind> owner_kind(Id owner) const;
  /// How often an owner was invalidated, and why: one reason per result that stays unused.
  std::vector<std::string> invalidations(Id owner) const;

  struct Check {
    bool sound = true;
    std::vector<std::string> problems;
    std::uint64_t results = 0;
  };
  Check verify() const;  ///< SQLite's integrity check and the checksum of everything that is read
  /// Which stores are looked at in full: a look takes some seconds for a gigabyte. What is read is checked in any case.
  enum class Looks { all, small };
  /// Throws StoreError where `verify` finds something, with the first of it.
  void expect_sound(Looks looks) const;
  /// Takes out what is damaged in a file that is otherwise whole, so that a run computes it again; how many results.
  std::uint64_t remove_damaged();

  std::filesystem::path directory() const;
  Journal journal() const;  ///< of a store opened for writing: wal or truncate

  struct Implementation;  ///< of this layer alone

 private:
  explicit Store(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace fieldscan::store
