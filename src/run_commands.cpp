#include <fmt/format.h>

#include <random>

#include "commands.hpp"
#include "fieldscan/analysis/analysis.hpp"
#include "fieldscan/analysis/test/registration.hpp"
#include "fieldscan/campaign/campaign.hpp"
#include "fieldscan/campaign/inspect/inspect.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/output.hpp"
#include "open_run.hpp"

/// The commands on run directories.
namespace fieldscan::command {

namespace {

constexpr double most_seconds = 60;  ///< of recomputing by `verify`

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

/// The owner whose id begins so, or all points that fulfil a condition.
std::vector<Id> owners_of(const OpenRun& run, const std::string& text) {
  const bool is_id = text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
  return is_id ? std::vector{find_one(run.store, text)} : campaign::points_where(run.scan, text);
}

}  // namespace

int status(const std::filesystem::path& directory, bool json) {
  const OpenRun run = open_run(directory, Looks::small);
  print(json ? campaign::status_json(run.scan, run.store) : campaign::status_text(run.scan, run.store));
  return 0;
}

int stop(const std::filesystem::path& directory, campaign::StopWish wish) {
  say(campaign::request_stop(directory, wish) + "\n");
  return 0;
}

int points(const std::filesystem::path& directory, const std::string& condition) {
  const OpenRun run = open_run(directory, Looks::small);
  print(campaign::points_text(run.scan, run.store, condition));
  return 0;
}

int show(const ReplicaArguments& arguments) {
  const OpenRun run = open_run(arguments.directory, Looks::small);
  std::optional<scan::Task::Member> member;
  if (arguments.draw || arguments.initialisation)
    member = scan::Task::Member{arguments.draw.value_or(0), arguments.initialisation.value_or(0)};
  for (const Id owner : owners_of(run, arguments.id)) print(campaign::show_text(run.scan, run.store, owner, member));
  return 0;
}

int repeat(const ReplicaArguments& arguments) {
  const OpenRun run = open_run(arguments.directory, Looks::small);
  const scan::Task::Member member{arguments.draw.value_or(0), arguments.initialisation.value_or(0)};
  const std::vector<Id> owners = owners_of(run, arguments.id);
  if (owners.size() > 1)
    throw EnvironmentError(fmt::format("{} points fulfil '{}': repeat one of them", owners.size(), arguments.id));
  const auto repeated = campaign::repeat(run.scan, run.store, owners.front(), member);
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
  const std::size_t arrays = analysis::export_results(run.scan, run.store, kind, out);
  say(fmt::format("tables in {}\n", out.string()));
  if (arrays > 0)
    say(fmt::format("{} arrays (predictors, kernels) are in none of them: --format netcdf has these\n", arrays));
  say_earlier(run);
  return 0;
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

}  // namespace fieldscan::command
