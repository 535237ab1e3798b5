#include "commands.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>

#include "doctor.hpp"
#include "fieldscan/analysis/analysis.hpp"
#include "fieldscan/analysis/registration.hpp"
#include "fieldscan/analysis/theory_table.hpp"
#include "fieldscan/campaign/campaign.hpp"
#include "fieldscan/campaign/inspect.hpp"
#include "fieldscan/campaign/slurm.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/output.hpp"
#include "fieldscan/scan/explain.hpp"
#include "fieldscan/scan/init.hpp"
#include "fieldscan/scan/plan.hpp"
#include "fieldscan/scan/scan.hpp"
#include "fieldscan/store/store.hpp"

namespace fieldscan::command {

namespace {

constexpr int invalid_scan = 3;
constexpr int incomplete = 4;
constexpr double most_seconds = 60;  ///< of recomputing by `verify`

/// Reads a scan file and prints its diagnostics on stderr; empty where there are errors.
std::optional<scan::Scan> read_or_complain(const ScanArguments& arguments) {
  const std::string text = read_file(arguments.file);
  scan::ReadResult result = scan::read_scan(text, arguments.file, arguments.overrides);
  if (!result.diagnostics.empty()) say(scan::render(result.diagnostics, arguments.file, text));
  return std::move(result.scan);
}

std::filesystem::path directory_of(const scan::Scan& scan, const std::optional<std::filesystem::path>& given) {
  return given.value_or(std::filesystem::path("runs") / scan.name());
}

/// The store of a run directory with the scan that ran there last.
struct OpenRun {
  store::Store store;
  scan::Scan scan;
};
using Looks = store::Store::Looks;
OpenRun open_run(const std::filesystem::path& directory, Looks looks) {
  store::Store store = store::Store::open(directory, store::Mode::read);
  store.expect_sound(looks);
  const auto text = store.latest_scan();
  if (!text) throw EnvironmentError(fmt::format("'{}' holds no run (no scan was started there)", directory.string()));
  auto read = scan::read_scan(text->text, text->name, text->overrides);
  if (!read.scan)
    throw store::StoreError(fmt::format("the scan text stored in '{}' is not read by this version ({}):\n{}",
                                        directory.string(), text->version,
                                        scan::render(read.diagnostics, text->name, text->text)));
  return {std::move(store), std::move(*read.scan)};
}

Id find_one(const store::Store& store, const std::string& prefix) {
  const auto ids = store.find(prefix);
  if (ids.empty()) throw EnvironmentError(fmt::format("no point or prediction begins with '{}'", prefix));
  if (ids.size() > 1)
    throw EnvironmentError(fmt::format("{} ids begin with '{}': write more of it", ids.size(), prefix));
  return ids.front();
}

/// How much of a scan's plan the store of a run directory holds.
scan::DoneCounts count_done(const scan::Scan& scan, const std::filesystem::path& directory) {
  if (!std::filesystem::exists(directory / "store.sqlite")) return {};
  const auto store = store::Store::open(directory, store::Mode::read);
  store.expect_sound(Looks::small);
  return campaign::done_counts(scan, store);
}

}  // namespace

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw EnvironmentError(fmt::format("can not read '{}'; is the path right?", path));
  return {std::istreambuf_iterator<char>(in), {}};
}

int report_failure() {
  try {
    throw;
  } catch (const store::StoreError& error) {
    say(fmt::format("fieldscan: {}\n", error.what()));
    return 7;
  } catch (const std::exception& error) {
    say(fmt::format("fieldscan: {}\n", error.what()));
    return 1;
  }
}

int check(const ScanArguments& arguments) {
  const std::string text = read_file(arguments.file);
  const auto result = scan::read_scan(text, arguments.file, arguments.overrides);
  if (arguments.json)
    print(fmt::format("{}\n", scan::to_json(result.diagnostics, arguments.file)));
  else
    say(scan::render(result.diagnostics, arguments.file, text));
  if (!result.scan) return invalid_scan;
  if (!arguments.json) say(fmt::format("{}: a valid scan\n", arguments.file));
  return 0;
}

int plan(const ScanArguments& arguments, const std::optional<std::filesystem::path>& directory, double node_gigabytes) {
  const auto scan = read_or_complain(arguments);
  if (!scan) return invalid_scan;
  const scan::Plan plan = scan::make_plan(*scan);
  const auto done = [&] { return count_done(*scan, directory_of(*scan, directory)); };
  print(arguments.json ? scan::plan_json(*scan, plan, done) : scan::plan_text(*scan, plan, done));
  const double node = node_gigabytes > 0 ? node_gigabytes * 1e9 : campaign::node_memory();
  if (plan.largest_bytes <= node) return 0;
  say(fmt::format(
      "fieldscan: the largest task needs about {:.1f} GB of memory, a node has {:.1f} GB: it would fail; make its "
      "training set smaller, or say what your nodes have: --node-memory\n",
      plan.largest_bytes * 1e-9, node * 1e-9));
  return invalid_scan;
}

int theory(const TheoryArguments& arguments) {
  const auto scan = read_or_complain(arguments.scan);
  if (!scan) return invalid_scan;
  const auto table = analysis::evaluate_theories(*scan, {arguments.points, arguments.limit});
  const auto format = arguments.format == "csv"    ? analysis::TheoryFormat::csv
                      : arguments.format == "json" ? analysis::TheoryFormat::json
                                                   : analysis::TheoryFormat::text;
  print(analysis::render(table, format));
  if (format == analysis::TheoryFormat::csv) say(analysis::problems_text(table));
  if (table.points.empty()) say("the scan names no theory\n");
  return table.any_failed() ? incomplete : 0;
}

int status(const std::filesystem::path& directory, bool json) {
  const OpenRun run = open_run(directory, Looks::small);
  print(json ? campaign::status_json(run.scan, run.store) : campaign::status_text(run.scan, run.store));
  return 0;
}

int stop(const std::filesystem::path& directory, campaign::StopWish wish) {
  say(campaign::request_stop(directory, wish) + "\n");
  return 0;
}

int show(const ReplicaArguments& arguments) {
  const OpenRun run = open_run(arguments.directory, Looks::small);
  std::optional<scan::Task::Member> member;
  if (arguments.draw || arguments.initialisation)
    member = scan::Task::Member{arguments.draw.value_or(0), arguments.initialisation.value_or(0)};
  print(campaign::show_text(run.scan, run.store, find_one(run.store, arguments.id), member));
  return 0;
}

int repeat(const ReplicaArguments& arguments) {
  const OpenRun run = open_run(arguments.directory, Looks::small);
  const scan::Task::Member member{arguments.draw.value_or(0), arguments.initialisation.value_or(0)};
  const auto repeated = campaign::repeat(run.scan, run.store, find_one(run.store, arguments.id), member);
  print(repeated.text);
  return repeated.equal ? 0 : 7;
}

int test(const std::filesystem::path& directory, bool json) {
  const OpenRun run = open_run(directory, Looks::all);
  const auto results = analysis::evaluate_tests(run.scan, run.store);
  print(json ? analysis::to_json(results) : analysis::render(results));
  if (!json && !results.empty()) print(analysis::render(analysis::registration(run.scan, run.store)));
  return analysis::exit_status(results);
}

int report(const std::filesystem::path& directory, const std::filesystem::path& out) {
  const OpenRun run = open_run(directory, Looks::all);
  if (out.empty()) make_directory(directory / "report");
  const auto page = analysis::write_report(run.scan, run.store, out.empty() ? directory / "report" : out);
  print(page.string() + "\n");
  return 0;
}

int export_tables(const std::filesystem::path& directory, const std::string& format, const std::filesystem::path& out) {
  const OpenRun run = open_run(directory, Looks::all);
  const auto kind = format == "netcdf" ? analysis::Format::netcdf
                    : format == "json" ? analysis::Format::json
                                       : analysis::Format::csv;
  analysis::export_results(run.scan, run.store, kind, out);
  say(fmt::format("tables in {}\n", out.string()));
  return 0;
}

int verify(const std::filesystem::path& directory, std::uint64_t sample) {
  const auto result = store::Store::open(directory, store::Mode::read).verify();
  for (const auto& problem : result.problems) print(problem + "\n");
  print(fmt::format("{}: {} results\n", result.sound ? "sound" : "damaged", result.results));
  if (!result.sound) return 7;
  if (sample == 0) return 0;
  const OpenRun run = open_run(directory, Looks::all);
  const auto again = campaign::recompute_sample(run.scan, run.store, sample, most_seconds, std::random_device{}());
  for (const auto& difference : again.differences) print(difference);
  print(fmt::format("{} computed again: {}\n", again.computed,
                    again.differences.empty() ? "the same bits"
                                              : fmt::format("{} differ (another program or another kind of processor?)",
                                                            again.differences.size())));
  return again.differences.empty() ? 0 : 7;
}

int invalidate(const std::filesystem::path& directory, const std::string& id, const std::string& reason) {
  auto store = store::Store::open(directory, store::Mode::change);
  const Id owner = find_one(store, id);
  store.invalidate(owner, reason);
  store.commit();
  say(fmt::format("the results of {} are not used any more; `run` computes them again\n", owner.hex()));
  return 0;
}

int slurm(const SlurmArguments& arguments) {
  const auto scan = read_or_complain(arguments.scan);
  if (!scan) return invalid_scan;
  campaign::SlurmOptions options{.nodes = arguments.nodes,
                                 .tasks_per_node = arguments.tasks_per_node,
                                 .hours = arguments.hours,
                                 .memory_per_task_gigabytes = arguments.memory_per_task_gigabytes};
  std::error_code error;
  if (const auto binary = std::filesystem::read_symlink("/proc/self/exe", error); !error)
    options.binary = binary.string();
  options.file = arguments.scan.file;
  print(campaign::slurm_script(*scan, options));
  return 0;
}

int explain(const std::string& name) {
  if (const auto page = ending_page(name); !page.empty()) {
    print(page);
    return 0;
  }
  const auto explanation = scan::explain(name);
  if (explanation.found)
    print(explanation.text);
  else
    say(explanation.text);
  return explanation.found ? 0 : 2;
}

int init() {
  print(scan::starter_scan());
  return 0;
}

int doctor() {
  print(doctor_report());
  return 0;
}

}  // namespace fieldscan::command
