#include "arguments.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>

namespace fieldscan::command {

namespace {

/// For numbers above 0 and not above `most`; "nan" and "inf" are no numbers.
CLI::Validator positive(double most) {
  const auto check = [most](std::string& text) {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    return end != text.c_str() && *end == '\0' && value > 0 && value <= most
               ? ""
               : fmt::format("'{}' must be a number above 0 and at most {:g}", text, most);
  };
  return {check, "", "positive number"};
}

/// For whole numbers of that range; written as such: no sign, no point, no unit.
CLI::Validator whole(std::int64_t least, std::int64_t most) {
  const auto check = [least, most](std::string& text) {
    const bool digits = !text.empty() && text.size() < 19 && text.find_first_not_of("0123456789") == std::string::npos;
    const std::int64_t value = digits ? std::strtoll(text.c_str(), nullptr, 10) : -1;
    return value >= least && value <= most
               ? ""
               : fmt::format("'{}' must be a whole number from {} to {}", text, least, most);
  };
  return {check, "", "whole number"};
}
constexpr std::int64_t most_members = 1'000'000'000;  ///< draws, initialisations, points: more than any store can hold

CLI::App* with_scan(CLI::App& app, const char* name, const char* what, ScanArguments& scan) {
  auto* sub = app.add_subcommand(name, what);
  sub->add_option("SCAN", scan.file, "scan file")->required();
  sub->add_option("--set", scan.overrides, "path=value: override a base value of the scan; is recorded")
      ->take_all()
      ->allow_extra_args(false);
  return sub;
}

CLI::App* with_directory(CLI::App& app, const char* name, const char* what, std::string& directory) {
  auto* sub = app.add_subcommand(name, what);
  sub->add_option("DIR", directory, "run directory")->required();
  return sub;
}

/// What `run` does, said to itself or to the job that `slurm` writes.
CLI::App* with_run_options(CLI::App& app, const char* name, const char* what, Arguments& a) {
  auto* sub = with_scan(app, name, what, a.run.scan);
  sub->add_option("--out", a.directory, "run directory (default: runs/NAME)");
  sub->add_option("--deadline", a.deadline,
                  "stop in good order after this time (90s, 45m, 12h, HH:MM:SS); default: the end of the Slurm job");
  sub->add_option("--task-limit", a.run.task_seconds_limit,
                  "seconds of processor time (per thread) after which one task is given up (default: no limit)")
      ->check(positive(1e9));
  sub->add_option("--attempts", a.run.attempts, "tries of a task that crashes or runs out of memory")
      ->check(whole(1, 100));
  sub->add_flag("--recompute-damaged", a.run.recompute_damaged,
                "compute results again whose checksum does not fit, instead of ending with 7");
  sub->add_flag("-q,--quiet", a.run.quiet, "no progress");
  return sub;
}

void declare_scan_commands(CLI::App& app, Arguments& a) {
  with_scan(app, "check", "read a scan file and say everything that is wrong with it", a.scan)
      ->add_flag("--json", a.scan.json, "diagnostics as JSON; their keys: fieldscan explain json");
  auto* plan =
      with_scan(app, "plan", "what a run would do: points, tasks, core hours, memory, dimensionless groups", a.scan);
  plan->add_option("--out", a.directory, "run directory to compare with (default: runs/NAME)");
  plan->add_option("--node-memory", a.node_memory, "gigabytes of the nodes that will run it (default: this machine's)")
      ->check(positive(1e9));
  plan->add_flag("--regime", a.regime, "say which theory of finite width to use where, however long that takes");
  plan->add_flag("--json", a.scan.json, "the plan as JSON; its keys: fieldscan explain json");
  with_run_options(app, "run", "run a scan, or go on with it", a);
  auto* theory =
      with_scan(app, "theory", "evaluate the predictions of a scan without training, as one table", a.theory.scan);
  theory->add_option("--format", a.theory.format, "text, csv or json (default: text)")
      ->check(CLI::IsMember({"text", "csv", "json"}));
  theory->add_option("--point", a.theory.points, "id of a point, or its beginning; may be given again (default: all)")
      ->take_all()
      ->allow_extra_args(false);
  theory->add_option("--points", a.theory.limit, "at most so many points (default: all)")
      ->check(whole(1, most_members));
  theory
      ->add_option("--limit,--task-limit", a.theory.seconds,
                   "seconds of processor time after which one prediction is given up (default: no limit)")
      ->check(positive(1e9));
  auto* slurm = with_run_options(app, "slurm", "print the Slurm job script that runs a scan", a);
  slurm->add_option("--nodes", a.slurm.nodes, "nodes of the job (default: 1)")->check(whole(1, 100000));
  slurm->add_option("--tasks-per-node", a.slurm.tasks_per_node, "ranks on each (default: 32)")->check(whole(1, 1024));
  slurm->add_option("--hours", a.slurm.hours, "time limit of one job (default: 12)")->check(positive(10000));
  slurm->add_option("--memory", a.slurm.memory_per_task_gigabytes, "gigabytes per rank (default: 2)")
      ->check(positive(1e5));
}

void declare_directory_commands(CLI::App& app, Arguments& a) {
  with_directory(app, "status", "what is done, running, failed and left", a.directory)
      ->add_flag("--json", a.json, "the same as JSON; its keys: fieldscan explain json");
  with_directory(app, "stop", "ask a run to stop in good order, from wherever its directory is seen", a.directory)
      ->add_flag("--now", a.now, "do not wait for what is being computed");
  with_directory(app, "points", "the points of a run with the beginnings of their ids, and their states", a.directory)
      ->add_option("CONDITION", a.condition, "which: \"width == 32 && train_size == 16\" (default: all)");
  for (const char* name : {"show", "repeat"}) {
    auto* sub = with_directory(app, name,
                               name == std::string("show") ? "one point: settings, replicas, values"
                                                           : "run one replica alone in the foreground and compare bits",
                               a.directory);
    sub->add_option("ID", a.replica.id,
                    "id of a point or prediction, or its beginning; or a condition: \"width == 32\"")
        ->required();
    sub->add_option("--draw", a.replica.draw, "data draw")->check(whole(0, most_members));
    sub->add_option("--init", a.replica.initialisation, "initialisation or chain")->check(whole(0, most_members));
  }
  with_directory(app, "test", "evaluate the declared tests", a.directory)
      ->add_flag("--json", a.json, "verdicts and their numbers as JSON; the keys: fieldscan explain json");
  with_directory(app, "report",
                 "write DIR/report/index.html, figures, methods.txt, references.bib: fieldscan explain report",
                 a.directory)
      ->add_option("--out", a.report, "directory to write to (default: DIR/report)");
  auto* tables = with_directory(app, "export", "write tables", a.directory);
  tables->add_option("--format", a.format, "csv, netcdf or json: fieldscan explain csv, netcdf, json (default: csv)")
      ->check(CLI::IsMember({"csv", "netcdf", "json"}));
  tables->add_option("--out", a.out, "directory to write to (default: tables)");
  with_directory(app, "verify", "check the store, and compute some results again to compare bits", a.directory)
      ->add_option("--sample", a.sample, "results to compute again, a minute at most (default: 3)")
      ->check(whole(0, most_members));
  auto* invalidate = with_directory(app, "invalidate", "mark the results of a point as not to be used", a.directory);
  invalidate->add_option("ID", a.name, "id or its beginning")->required();
  invalidate->add_option("--reason", a.reason, "why")->required();
}

}  // namespace

void declare_commands(CLI::App& app, Arguments& a) {
  declare_scan_commands(app, a);
  declare_directory_commands(app, a);
  app.add_subcommand("doctor", "what this build and this machine are");
  app.add_subcommand("explain", "document a kind, field, observable, theory, error or symbol")
      ->add_option("NAME", a.words, "what to document (default: list what there is)");
  app.add_subcommand("init", "print a scan file to start from");
  app.add_subcommand("schema", "print the JSON schema of scan files, for editors");
  app.add_subcommand("manual", "print the manual page, or the completion for a shell")
      ->add_option("--format", a.manual, "man, bash, zsh or fish (default: man)")
      ->check(CLI::IsMember({"man", "bash", "zsh", "fish"}));
}

}  // namespace fieldscan::command
