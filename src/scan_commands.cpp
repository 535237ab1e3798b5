#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "commands.hpp"
#include "fieldscan/analysis/analysis.hpp"
#include "fieldscan/analysis/test/outlook.hpp"
#include "fieldscan/analysis/theory_alone/theory_outlook.hpp"
#include "fieldscan/analysis/theory_alone/theory_render.hpp"
#include "fieldscan/campaign/campaign.hpp"
#include "fieldscan/campaign/cluster/slurm.hpp"
#include "fieldscan/campaign/inspect/inspect.hpp"
#include "fieldscan/core/output.hpp"
#include "fieldscan/scan/points/scan.hpp"
#include "fieldscan/scan/task/plan.hpp"
#include "open_run.hpp"

/// The commands on scan files.
namespace fieldscan::command {

namespace {

constexpr int invalid_scan = 3;
constexpr int incomplete = 4;

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

/// Whether the tests of a scan can be decided, by what ran here so far, or by what its theories expect.
std::vector<scan::TestOutlook> outlook(const scan::Scan& scan, const std::filesystem::path& directory) {
  if (!std::filesystem::exists(directory / "store.sqlite")) {
    auto outlooks = analysis::outlook_of_tests(scan, nullptr);
    analysis::add_expected(outlooks, scan);
    return outlooks;
  }
  const auto store = store::Store::open(directory, store::Mode::read);
  return analysis::outlook_of_tests(scan, &store);
}

/// How far the predictions are, on stderr: on a terminal in one line, elsewhere once a minute.
class PredictionDisplay {
 public:
  ~PredictionDisplay() {
    if (live_) say_in_passing("\r\x1b[K");
  }
  void before(const analysis::NextPrediction& next) {
    const auto now = std::chrono::steady_clock::now();
    if (now - said_ < (terminal_ ? std::chrono::milliseconds(500) : std::chrono::milliseconds(60'000))) return;
    said_ = now;
    const std::string line =
        fmt::format("prediction {} of {}: {} at {}", next.number, next.all, next.theory, next.point.hex().substr(0, 8));
    say_in_passing(terminal_ ? fmt::format("\r{}\x1b[K", line) : fmt::format("fieldscan: {}\n", line));
    live_ = terminal_;
  }

 private:
  bool terminal_ = isatty(STDERR_FILENO) == 1, live_ = false;
  std::chrono::steady_clock::time_point said_ =
      terminal_ ? std::chrono::steady_clock::time_point() : std::chrono::steady_clock::now();
};

}  // namespace

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

int plan(const ScanArguments& arguments, const std::optional<std::filesystem::path>& directory, double node_gigabytes,
         scan::RegimeBudget budget) {
  const auto scan = read_or_complain(arguments);
  if (!scan) return invalid_scan;
  scan::Plan plan = scan::make_plan(*scan, measured_costs(directory_of(*scan, directory)));
  plan.regimes = scan::regimes_of(*scan, budget);
  plan.tests = outlook(*scan, directory_of(*scan, directory));
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
  const auto table = [&] {
    PredictionDisplay display;
    return analysis::evaluate_theories(
        *scan, {arguments.points, arguments.limit, arguments.seconds,
                [&](const analysis::NextPrediction& next) { display.before(next); }, campaign::node_memory()});
  }();
  const auto format = arguments.format == "csv"    ? analysis::TheoryFormat::csv
                      : arguments.format == "json" ? analysis::TheoryFormat::json
                                                   : analysis::TheoryFormat::text;
  print(analysis::render(table, format));
  if (format == analysis::TheoryFormat::csv) say(analysis::problems_text(table));
  if (table.points.empty()) say("the scan names no theory\n");
  return table.any_failed() || table.without_numbers() ? incomplete : 0;
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

}  // namespace fieldscan::command
