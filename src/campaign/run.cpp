#include <fmt/format.h>

#include <algorithm>
#include <boost/mpi/communicator.hpp>

#include "cluster/deadline.hpp"
#include "fieldscan/campaign/campaign.hpp"
#include "fieldscan/core/build.hpp"
#include "fieldscan/core/output.hpp"
#include "master/master.hpp"
#include "message/encode.hpp"
#include "message/message.hpp"
#include "worker/worker.hpp"

namespace fieldscan::campaign {

namespace {

/// Whether rank 0 goes on; all other ranks wait here for its word.
enum class Word : char { go_on = 1, give_up };
Word broadcast_word(boost::mpi::communicator& world, Word word) {
  Bytes bytes{static_cast<char>(word)};
  broadcast_bytes(world, bytes);
  return static_cast<Word>(bytes.at(0));
}

RunSummary broadcast_summary(boost::mpi::communicator& world, const RunSummary& summary) {
  Bytes bytes = encode(summary);
  broadcast_bytes(world, bytes);
  return decode_summary(bytes);
}

RunSummary run_worker(boost::mpi::communicator& world, ForkServer& server, const RunOptions& options,
                      const Bytes& setup, std::vector<std::string>& silent) {
  if (broadcast_word(world, Word::go_on) == Word::give_up) return {};
  const auto deadline = deadline_of_worker(options.deadline_seconds);
  if (work(world, server, setup, deadline) == Farewell::dismissed) return broadcast_summary(world, {});
  silent.emplace_back("rank 0");
  return {.left = 1, .cut = Cut::in_good_order};
}

/// A run does not go on with another content of its files of data: its results would lie beside those of the former
/// content, and nobody could tell them apart.
void refuse_other_data(const scan::Scan& scan, const store::Store& store) {
  for (const auto& before : store.scan_texts())
    for (const auto& then : before.data) {
      const auto now = data::find_file(scan.data_files(), then->path, then->header);
      if (now && now->content != then->content)
        throw data::DataLost(
            fmt::format("{} is not what it was when this run began on {} (its content was {} and is {}), and results "
                        "of both would lie in "
                        "one directory; bring the file back, or run into another directory (--out)",
                        now->place, before.started, then->content, now->content));
    }
}

RunSummary run_master(boost::mpi::communicator& world, ForkServer& server, const scan::Scan& scan,
                      const RunOptions& options, const Bytes& setup, std::vector<std::string>& silent) {
  std::optional<store::Store> store;
  try {
    store.emplace(store::Store::open(options.directory, store::Mode::write));
    if (options.damaged == Damaged::recompute)
      say(fmt::format("fieldscan: {} damaged results are taken out of the store\n", store->remove_damaged()));
    store->expect_sound(store::Store::Looks::small);
    refuse_other_data(scan, *store);
    store->put_scan(options.file, scan.text(), scan.overrides(), build::version(), scan.data_files());
  } catch (...) {
    broadcast_word(world, Word::give_up);
    throw;
  }
  broadcast_word(world, Word::go_on);
  RunSummary summary;
  try {
    Crew crew(world, server, setup);
    try {
      summary = Master(crew, server, scan, options, *store).run();
    } catch (...) {
      crew.dismiss();
      silent = crew.left_behind();
      throw;
    }
    silent = crew.left_behind();
  } catch (...) {
    if (silent.empty()) broadcast_summary(world, summary);
    throw;
  }
  return silent.empty() ? broadcast_summary(world, summary) : summary;
}

}  // namespace

double limit_of(const RunOptions& options, int threads) {
  return options.task_seconds_limit * static_cast<double>(std::max(threads, 1));
}

RunSummary run(boost::mpi::communicator& world, ForkServer& server, const scan::Scan& scan, const RunOptions& options,
               std::vector<std::string>& silent) {
  const Bytes setup = encode(Setup{.text = scan.text(),
                                   .file = options.file,
                                   .overrides = scan.overrides(),
                                   .checkpoints = std::filesystem::absolute(options.directory / "checkpoints"),
                                   .data = data::pack(scan.data_files())});
  return world.rank() == 0 ? run_master(world, server, scan, options, setup, silent)
                           : run_worker(world, server, options, setup, silent);
}

}  // namespace fieldscan::campaign
