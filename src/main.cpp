#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "fieldscan/campaign/cluster/duration.hpp"
#include "fieldscan/core/build.hpp"
#include "fieldscan/core/freed_memory.hpp"
#include "fieldscan/core/output.hpp"
#include "fieldscan/core/printable.hpp"
#include "manual.hpp"

namespace {

using namespace fieldscan;

double parse_deadline(const std::string& text) {
  if (const auto seconds = campaign::parse_duration(text)) return *seconds;
  throw CLI::ValidationError("--deadline", "'" + text + "' is no duration; write 90s, 45m, 12h or HH:MM:SS");
}

/// What a command of that name says of itself; empty where there is none.
std::string page_of_command(const CLI::App& app, const std::string& name) {
  const auto commands = app.get_subcommands([&](const CLI::App* command) { return command->get_name() == name; });
  if (commands.empty()) return "";
  return fmt::format("{} (a command): {}\n  its options: fieldscan {} --help\n", name,
                     commands.front()->get_description(), name);
}

int dispatch(const CLI::App& app, int argc, char** argv, command::Arguments& a) {
  const std::string name = app.get_subcommands().front()->get_name();
  const std::optional<std::filesystem::path> out =
      a.directory.empty() ? std::nullopt : std::optional<std::filesystem::path>(a.directory);
  a.replica.directory = a.directory;
  for (std::string* condition : {&a.condition, &a.replica.id})
    if (condition->starts_with(" -")) condition->erase(0, 1);
  a.run.directory = out;
  if (a.deadline) a.run.deadline_seconds = parse_deadline(*a.deadline);
  a.slurm.run = a.run;
  if (name == "check") return command::check(a.scan);
  if (name == "plan")
    return command::plan(a.scan, out, a.node_memory,
                         a.regime ? scan::RegimeBudget::any : scan::RegimeBudget::ten_seconds);
  if (name == "run") return command::run(argc, argv, a.run);
  if (name == "theory") return command::theory(a.theory);
  if (name == "slurm") return command::slurm(a.slurm);
  if (name == "status") return command::status(a.directory, a.json);
  if (name == "stop") return command::stop(a.directory, a.now ? campaign::StopWish::now : campaign::StopWish::drain);
  if (name == "points") return command::points(a.directory, a.condition);
  if (name == "show") return command::show(a.replica);
  if (name == "repeat") return command::repeat(a.replica);
  if (name == "test") return command::test(a.directory, a.json);
  if (name == "report") return command::report(a.directory, a.report);
  if (name == "export") return command::export_tables(a.directory, a.format, a.out);
  if (name == "verify") return command::verify(a.directory, a.sample);
  if (name == "invalidate") return command::invalidate(a.directory, a.name, a.reason);
  if (name == "doctor") return command::doctor();
  if (name == "explain") {
    const std::string words = fmt::format("{}", fmt::join(a.words, " "));
    return command::explain(words, page_of_command(app, words));
  }
  if (name == "manual") {
    print(a.manual == "man" ? command::man_page(app) : command::completion(app, a.manual));
    return 0;
  }
  if (name == "schema") return command::schema();
  return command::init();
}

/// Whether a word is a condition that begins with a minus, "-width == 3", and no option.
bool is_condition(const std::string& word) {
  return word.starts_with('-') &&
         (word.find_first_of("<>!&|") != std::string::npos || word.find("==") != std::string::npos);
}

/// The words of the command line; behind the commands that take a condition one with a minus has a space before it.
std::vector<std::string> words_of(int argc, char** argv) {
  std::vector<std::string> words(argv, argv + argc);
  if (argc < 2 || (words[1] != "points" && words[1] != "show" && words[1] != "repeat")) return words;
  for (std::string& word : words)
    if (is_condition(word)) word.insert(0, " ");
  return words;
}

constexpr const char* examples = R"(Examples:
  fieldscan init > my-scan.yaml
  fieldscan check my-scan.yaml
  fieldscan plan my-scan.yaml
  fieldscan theory my-scan.yaml --format csv
  fieldscan run my-scan.yaml
  mpirun -n 9 fieldscan run my-scan.yaml
  fieldscan report runs/starter
  fieldscan explain learning_rate)";

/// What was asked for and could not be written is a failure of every command.
int status_with_output(int status) {
  const auto failure = output_failure();
  if (!failure) return status;
  // Who reads no further, as `head` does, knows.
  if (*failure != std::strerror(EPIPE))
    say(fmt::format("fieldscan: the output can not be written ({}); free space, or write it elsewhere\n", *failure));
  return 1;
}

int run_program(int argc, char** argv) {
  CLI::App app{
      "fieldscan: does field theory describe these networks, and where does it stop?\n\n" + std::string(examples),
      "fieldscan"};
  app.set_version_flag("--version", build::version());
  app.require_subcommand(1);
  command::Arguments arguments;
  command::declare_commands(app, arguments);
  try {
    const std::vector<std::string> words = words_of(argc, argv);
    std::vector<const char*> pointers;
    for (const std::string& word : words) pointers.push_back(word.c_str());
    app.parse(argc, pointers.data());
    return dispatch(app, argc, argv, arguments);
  } catch (const CLI::RequiredError& error) {
    if (argc < 2 || *argv[1] == '-' || !app.get_subcommands().empty()) return app.exit(error) == 0 ? 0 : 2;
    say(fmt::format("fieldscan: there is no command '{}'; `fieldscan --help` lists them\n", printable(argv[1])));
    return 2;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception&) {
    return command::report_failure();
  }
}

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  prepare_output();
  return status_with_output(run_program(argc, argv));
}
