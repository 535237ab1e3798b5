#include <fmt/format.h>

#include <boost/mpi/communicator.hpp>

#include "encode.hpp"
#include "fieldscan/campaign/campaign.hpp"
#include "fieldscan/core/output.hpp"
#include "master.hpp"
#include "message.hpp"
#include "worker.hpp"

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

RunSummary run_worker(boost::mpi::communicator& world, ForkServer& server, const Bytes& setup) {
  if (broadcast_word(world, Word::go_on) == Word::give_up) return {};
  work(world, server, setup);
  return broadcast_summary(world, {});
}

RunSummary run_master(boost::mpi::communicator& world, ForkServer& server, const scan::Scan& scan,
                      const RunOptions& options, const Bytes& setup, std::vector<std::string>& silent) {
  std::optional<store::Store> store;
  try {
    store.emplace(store::Store::open(options.directory, store::Mode::write));
    if (options.damaged == Damaged::recompute)
      say(fmt::format("fieldscan: {} damaged results are taken out of the store\n", store->remove_damaged()));
    store->expect_sound(store::Store::Looks::small);
    store->put_scan(options.file, scan.text(), scan.overrides(), FIELDSCAN_VERSION);
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

RunSummary run(boost::mpi::communicator& world, ForkServer& server, const scan::Scan& scan, const RunOptions& options,
               std::vector<std::string>& silent) {
  const Bytes setup = encode(Setup{.text = scan.text(),
                                   .file = options.file,
                                   .overrides = scan.overrides(),
                                   .checkpoints = std::filesystem::absolute(options.directory / "checkpoints")});
  return world.rank() == 0 ? run_master(world, server, scan, options, setup, silent) : run_worker(world, server, setup);
}

}  // namespace fieldscan::campaign
