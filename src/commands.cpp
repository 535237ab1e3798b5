#include "commands.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <sstream>

#include "doctor.hpp"
#include "fieldscan/analysis/analysis.hpp"
#include "fieldscan/analysis/test/registration.hpp"
#include "fieldscan/analysis/theory_alone/theory_render.hpp"
#include "fieldscan/campaign/campaign.hpp"
#include "fieldscan/campaign/cluster/slurm.hpp"
#include "fieldscan/campaign/inspect/inspect.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/output.hpp"
#include "fieldscan/scan/help/explain.hpp"
#include "fieldscan/scan/help/init.hpp"
#include "fieldscan/scan/points/scan.hpp"
#include "fieldscan/scan/task/plan.hpp"
#include "fieldscan/store/earlier.hpp"
#include "fieldscan/store/store.hpp"

namespace fieldscan::command {

namespace {

constexpr int invalid_scan = 3;
constexpr int incomplete = 4;
constexpr std::size_t most_read = 16'000'000;  ///< bytes of a scan file; its reader refuses fewer
constexpr double most_seconds = 60;            ///< of recomputing by `verify`

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

/// Why the scan text of a store can not be read: for lack of its data, where the store does not say what they were, or
/// by this version.
[[noreturn]] void refuse_text(const std::filesystem::path& directory, const store::Store::ScanText& text,
                              const std::vector<scan::Diagnostic>& diagnostics) {
  const std::string said = scan::render(diagnostics, text.name, text.text);
  const auto of_data = [](const scan::Diagnostic& d) {
    return d.severity == scan::Severity::warning || d.code == "FS0311";
  };
  if (std::ranges::all_of(diagnostics, of_data))
    throw EnvironmentError(
        fmt::format("the run in '{}' is of an earlier version that did not keep what its files of data told, and they "
                    "can not be read:\n{}",
                    directory.string(), said));
  throw store::StoreError(fmt::format("the scan text stored in '{}' is not read by this version ({}):\n{}",
                                      directory.string(), text.version, said));
}

/// Where the store does not say with which data its results were computed, the identities of its results do.
void check_data(const scan::Scan& scan, const store::Store& store) {
  bool others = false;
  std::set<std::string> missing;
  for (const auto& file : scan.data_files()) missing.insert(file->content);
  for (const Id owner : store.find("")) {
    const std::string text = store.owner_text(owner).value_or("");
    others = others || text.find(".content=") != std::string::npos;
    std::erase_if(missing, [&](const std::string& content) { return text.find(content) != std::string::npos; });
    if (missing.empty()) return;
  }
  if (others)
    throw EnvironmentError(
        "the files of data have changed since this was computed: no result belongs to what they hold now; bring them "
        "back");
}

/// The store of a run directory with the scan that ran there last.
struct OpenRun {
  store::Store store;
  scan::Scan scan;
};
using Looks = store::Store::Looks;
/// What a killed run had stored and is lost is said by every command, not only where results are counted.
void say_lost(const store::Store& store) {
  if (const std::string lost = store.lost(); !lost.empty()) say(fmt::format("fieldscan: {}\n", lost));
}

OpenRun open_run(const std::filesystem::path& directory, Looks looks) {
  store::Store store = store::Store::open(directory, store::Mode::read);
  say_lost(store);
  store.expect_sound(looks);
  const auto text = store.latest_scan();
  if (!text) throw EnvironmentError(fmt::format("'{}' holds no run (no scan was started there)", directory.string()));
  auto read = scan::read_scan(text->text, text->name, text->overrides, text->data);
  if (!read.scan) refuse_text(directory, *text, read.diagnostics);
  if (text->data.empty() && !read.scan->data_files().empty()) check_data(*read.scan, store);
  return {std::move(store), std::move(*read.scan)};
}

Id find_one(const store::Store& store, const std::string& prefix) {
  const auto ids = store.find(prefix);
  if (ids.empty()) throw EnvironmentError(fmt::format("no point or prediction begins with '{}'", prefix));
  if (ids.size() > 1)
    throw EnvironmentError(fmt::format("{} ids begin with '{}': write more of it", ids.size(), prefix));
  return ids.front();
}

/// What the commands that show results say on stderr of those that they do not show.
void say_earlier(const OpenRun& run) {
  const std::string sentence = store::earlier_sentence(store::count_earlier(run.scan, run.store));
  if (!sentence.empty()) say(sentence + "\n");
}

/// A path that no program takes for an option, nor mpirun for the end of its command.
std::string as_operand(const std::string& path) {
  return path.starts_with('-') || path.starts_with(':') ? "./" + path : path;
}

/// The words behind `run` that mean the same again.
std::vector<std::string> words_of(const RunArguments& run, const std::filesystem::path& directory) {
  std::vector<std::string> words{as_operand(run.scan.file), "--out", as_operand(directory.string())};
  for (const std::string& set : run.scan.overrides) words.push_back("--set=" + set);
  if (run.deadline_seconds) words.push_back(fmt::format("--deadline={}s", *run.deadline_seconds));
  if (run.task_seconds_limit > 0) words.push_back(fmt::format("--task-limit={}", run.task_seconds_limit));
  if (run.attempts != RunArguments{}.attempts) words.push_back(fmt::format("--attempts={}", run.attempts));
  if (run.recompute_damaged) words.emplace_back("--recompute-damaged");
  if (run.quiet) words.emplace_back("--quiet");
  return words;
}

/// What tasks of a kind took in earlier runs of a directory, over their estimates; nothing where there was no run.
std::function<double(const std::string&)> measured_costs(const std::filesystem::path& directory) {
  if (!std::filesystem::exists(directory / "store.sqlite")) return {};
  auto costs = store::Store::open(directory, store::Mode::read).costs();
  std::erase_if(costs, [](const auto& cost) { return !(cost.second.estimated_seconds > 0); });
  if (costs.empty()) return {};
  return [costs = std::move(costs)](const std::string& kind) {
    const auto known = costs.find(kind);
    return known == costs.end() ? 1 : known->second.measured_seconds / known->second.estimated_seconds;
  };
}

/// How much of a scan's plan the store of a run directory holds.
scan::DoneCounts count_done(const scan::Scan& scan, const std::filesystem::path& directory) {
  if (!std::filesystem::exists(directory / "store.sqlite")) return {};
  const auto store = store::Store::open(directory, store::Mode::read);
  say_lost(store);
  store.expect_sound(Looks::small);
  return campaign::done_counts(scan, store);
}

}  // namespace

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw EnvironmentError(fmt::format("can not read '{}'; is the path right?", path));
  std::string text(most_read, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
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
  if (arguments.json) return 0;
  for (const auto& file : result.scan->data_files()) say(data::describe(*file) + "\n");
  say(fmt::format("{}: a valid scan\n", arguments.file));
  return 0;
}

int plan(const ScanArguments& arguments, const std::optional<std::filesystem::path>& directory, double node_gigabytes) {
  const auto scan = read_or_complain(arguments);
  if (!scan) return invalid_scan;
  const scan::Plan plan = scan::make_plan(*scan, measured_costs(directory_of(*scan, directory)));
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
  return table.any_failed() || table.without_numbers() ? incomplete : 0;
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
  say_earlier(run);
  return analysis::exit_status(results);
}

int report(const std::filesystem::path& directory, const std::filesystem::path& out) {
  const OpenRun run = open_run(directory, Looks::all);
  if (out.empty()) make_directory(directory / "report");
  const auto page = analysis::write_report(run.scan, run.store, out.empty() ? directory / "report" : out);
  print(page.string() + "\n");
  say_earlier(run);
  return 0;
}

int export_tables(const std::filesystem::path& directory, const std::string& format, const std::filesystem::path& out) {
  const OpenRun run = open_run(directory, Looks::all);
  const auto kind = format == "netcdf" ? analysis::Format::netcdf
                    : format == "json" ? analysis::Format::json
                                       : analysis::Format::csv;
  analysis::export_results(run.scan, run.store, kind, out);
  say(fmt::format("tables in {}\n", out.string()));
  say_earlier(run);
  return 0;
}

/// What computing a sample again came to, in a line or two.
std::string sample_text(const campaign::Sample& sample) {
  std::string text;
  for (const auto& difference : sample.differences) text += difference;
  if (sample.computed > 0 || sample.not_computed == 0)
    text += fmt::format(
        "{} computed again: {}\n", sample.computed,
        sample.differences.empty()
            ? "the same bits"
            : fmt::format("{} differ (another program or another kind of processor?)", sample.differences.size()));
  if (sample.not_computed > 0)
    text +=
        fmt::format("{} could not be computed again, and are not compared: {}\n", sample.not_computed, sample.why_not);
  return text;
}

int verify(const std::filesystem::path& directory, std::optional<std::uint64_t> sample) {
  constexpr std::uint64_t usual_sample = 3;
  const auto store = store::Store::open(directory, store::Mode::read);
  auto result = store.verify();
  if (const std::string lost = store.lost(); !lost.empty()) {
    result.sound = false;
    result.problems.push_back(lost);
  }
  for (const auto& problem : result.problems) print(problem + "\n");
  print(result.sound ? fmt::format("sound: {} results\n", result.results)
                     : fmt::format("damaged: what is told above, among {} results\n", result.results));
  if (!result.sound) return 7;
  if (sample == 0) return 0;
  const OpenRun run = open_run(directory, Looks::all);
  const auto again = campaign::recompute_sample(run.scan, run.store, sample.value_or(usual_sample), most_seconds,
                                                std::random_device{}());
  print(sample_text(again));
  if (!again.differences.empty()) return 7;
  // Who asks for a sample wants it; who only asks whether the store is sound was told what could not be looked at.
  return sample && again.not_computed > 0 ? 1 : 0;
}

int invalidate(const std::filesystem::path& directory, const std::string& id, const std::string& reason) {
  auto store = store::Store::open(directory, store::Mode::change);
  say_lost(store);
  const Id owner = find_one(store, id);
  store.invalidate(owner, reason);
  store.commit();
  say(fmt::format("the results of {} are not used any more; `run` computes them again\n", owner.hex()));
  return 0;
}

int slurm(const SlurmArguments& arguments) {
  const auto scan = read_or_complain(arguments.run.scan);
  if (!scan) return invalid_scan;
  campaign::SlurmOptions options{.arguments = words_of(arguments.run, directory_of(*scan, arguments.run.directory)),
                                 .nodes = arguments.nodes,
                                 .tasks_per_node = arguments.tasks_per_node,
                                 .hours = arguments.hours,
                                 .memory_per_task_gigabytes = arguments.memory_per_task_gigabytes};
  std::error_code error;
  if (const auto binary = std::filesystem::read_symlink("/proc/self/exe", error); !error)
    options.binary = binary.string();
  print_exactly(campaign::slurm_script(*scan, options));
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
