#include "manual.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>
#include <vector>

#include "commands.hpp"
#include "fieldscan/core/build.hpp"

namespace fieldscan::command {

namespace {

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}
std::vector<const CLI::Option*> options_of(const CLI::App& app) {
  return app.get_options([](const CLI::Option*) { return true; });
}
bool is_positional(const CLI::Option& option) { return option.get_positional(); }

/// A line of text for roff, which takes some characters for its own.
std::string roff(std::string_view text) {
  std::string out = text.starts_with('.') || text.starts_with('\'') ? "\\&" : "";
  for (const char c : text) out += c == '\\' ? "\\e" : c == '-' ? "\\-" : std::string(1, c);
  return out;
}

/// Lines as they are.
std::string roff_block(std::string_view text) {
  std::string out = ".nf\n";
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += roff(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out + ".fi\n";
}

/// "NUMBER" of "NUMBER:positive number"; empty for flags.
std::string value_name(const CLI::Option& option) {
  if (option.get_type_size() == 0) return "";
  const std::string type = option.get_type_name();
  return type.substr(0, type.find(':'));
}

/// The words of "TEXT:{csv,netcdf,json}".
std::string words_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const auto begin = type.find('{'), end = type.find('}');
  if (begin == std::string::npos || end == std::string::npos) return "";
  std::string words = type.substr(begin + 1, end - begin - 1);
  std::ranges::replace(words, ',', ' ');
  return words;
}

std::string option_entry(const CLI::Option& option) {
  if (is_positional(option))
    return fmt::format(".TP\n.B {}\n{}\n", roff(option.get_name(true)), roff(option.get_description()));
  return fmt::format(".TP\n\\fB{}\\fR {}\n{}\n", roff(option.get_name(false, true)), roff(value_name(option)),
                     roff(option.get_description()));
}

std::string command_entry(const CLI::App& command) {
  std::string usage = command.get_name(), entries;
  for (const CLI::Option* option : options_of(command)) {
    if (is_positional(*option)) usage += " " + option->get_name(true);
    entries += option_entry(*option);
  }
  return fmt::format(".SS {}\n{}\n{}", roff(usage), roff(command.get_description()), entries);
}

/// The long and short names of a command's options.
std::string flags_of(const CLI::App& command) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : options_of(command)) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
    for (const std::string& name : option->get_snames()) flags.push_back("-" + name);
  }
  return fmt::format("{}", fmt::join(flags, " "));
}

/// Whether a command works on run directories, and not on files.
bool takes_directory(const CLI::App& command) {
  return std::ranges::any_of(options_of(command), [](const CLI::Option* o) { return o->get_name(true) == "DIR"; });
}

}  // namespace

std::string man_page(const CLI::App& app) {
  const std::string about = app.get_description();
  std::string page =
      fmt::format(".TH FIELDSCAN 1 \"\" \"fieldscan {}\"\n.SH NAME\n{}\n", roff(build::version()),
                  roff("fieldscan - " + about.substr(about.find(' ') + 1, about.find('\n') - about.find(' ') - 1)));
  page += ".SH SYNOPSIS\n.B fieldscan\n" + roff("COMMAND [OPTIONS] …") + "\n.SH DESCRIPTION\n" + roff_block(about) +
          ".SH COMMANDS\n";
  for (const CLI::App* command : commands_of(app)) page += command_entry(*command);
  page += ".SH EXIT STATUS\n" + roff_block(ending_page("exit status")) + ".SH STOPPING A RUN\n" +
          roff_block(ending_page("stop"));
  return page + ".SH SEE ALSO\nfieldscan explain NAME documents every kind, field, observable, theory and error.\n";
}

std::string bash_completion(const CLI::App& app) {
  std::string names, flags, words;
  for (const CLI::App* command : commands_of(app)) {
    names += (names.empty() ? "" : " ") + command->get_name();
    flags += fmt::format("    {}) flags='{}' files={} ;;\n", command->get_name(), flags_of(*command),
                         takes_directory(*command) ? "-d" : "-f");
    for (const CLI::Option* option : options_of(*command))
      if (const std::string choice = words_of(*option); !choice.empty())
        for (const std::string& name : option->get_lnames())
          words += fmt::format("    {}:--{}) words='{}' ;;\n", command->get_name(), name, choice);
  }
  std::string script = R"(# Completion of fieldscan for bash; made by `fieldscan manual --format bash`.
_fieldscan() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} commands='@NAMES@' command= one flags= words= files=-f
  for one in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ " $commands " == *" $one "* ]]; then command=$one; break; fi
  done
  case $command:$before in
@WORDS@  esac
  case $command in
@FLAGS@  esac
  if [ -n "$words" ]; then mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  elif [ -z "$command" ]; then mapfile -t COMPREPLY < <(compgen -W "$commands --help --version" -- "$word")
  elif [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$word")
  else mapfile -t COMPREPLY < <(compgen "$files" -- "$word")
  fi
}
complete -o filenames -F _fieldscan fieldscan
)";
  const std::vector<std::pair<std::string_view, std::string>> texts{
      {"@NAMES@", names}, {"@WORDS@", words}, {"@FLAGS@", flags}};
  for (const auto& [place, text] : texts) script.replace(script.find(place), place.size(), text);
  return script;
}

}  // namespace fieldscan::command
