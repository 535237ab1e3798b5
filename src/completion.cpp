#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>
#include <vector>

#include "command_line.hpp"
#include "manual.hpp"

/// Scripts that complete commands, options and the words that options take, for three shells.
namespace fieldscan::command {

namespace {

/// The long and short names of a command's options.
std::string flags_of(const CLI::App& command) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : options_of(command)) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
    for (const std::string& name : option->get_snames()) flags.push_back("-" + name);
  }
  return fmt::format("{}", fmt::join(flags, " "));
}

/// Whether what stands at an option or operand is a folder.
bool is_directory(const CLI::Option& option) {
  const std::string name = option.get_name(true);
  return name == "DIR" || name == "--out";
}
bool is_file(const CLI::Option& option) { return option.get_name(true) == "SCAN"; }

/// Whether a command works on run directories, and not on files.
bool takes_directory(const CLI::App& command) {
  return std::ranges::any_of(options_of(command), [](const CLI::Option* o) { return o->get_name(true) == "DIR"; });
}

/// The first line of a description, with a backslash before each of these characters.
std::string escaped(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text.substr(0, text.find('\n'))) {
    if (special.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

/// In single quotes, for shells in which nothing can be escaped within them.
std::string in_single_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string bash_script(const CLI::App& app) {
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

/// What zsh does at the value of an option or operand.
std::string zsh_action(const CLI::Option& option) {
  if (const std::string words = words_of(option); !words.empty()) return fmt::format("({})", words);
  return is_directory(option) ? "_files -/" : is_file(option) ? "_files" : " ";
}

std::string zsh_arguments(const CLI::App& command) {
  std::string text;
  int place = 0;
  for (const CLI::Option* option : options_of(command)) {
    const std::string about = escaped(option->get_description(), "[]:\\");
    if (is_positional(*option)) {
      text += fmt::format(" {}", in_single_quotes(fmt::format("{}:{}:{}", ++place, about, zsh_action(*option))));
      continue;
    }
    const std::string value = value_name(*option);
    const std::string taken = value.empty() ? "" : fmt::format(":{}:{}", value, zsh_action(*option));
    for (const std::string& name : option->get_lnames())
      text += " " + in_single_quotes(fmt::format("*--{}[{}]{}", name, about, taken));
    for (const std::string& name : option->get_snames())
      text += " " + in_single_quotes(fmt::format("*-{}[{}]{}", name, about, taken));
  }
  return text;
}

std::string zsh_script(const CLI::App& app) {
  std::string names, cases;
  for (const CLI::App* command : commands_of(app)) {
    names += fmt::format("    {}\n",
                         in_single_quotes(command->get_name() + ":" + escaped(command->get_description(), ":\\")));
    cases += fmt::format("    {}) _arguments{} ;;\n", command->get_name(), zsh_arguments(*command));
  }
  return fmt::format(R"(#compdef fieldscan
# Completion of fieldscan for zsh; made by `fieldscan manual --format zsh`.
_fieldscan() {{
  local -a commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
{}  esac
}}
if [ "$funcstack[1]" = _fieldscan ]; then _fieldscan "$@"; else compdef _fieldscan fieldscan; fi
)",
                     names, cases);
}

/// What fish may complete at a command: its options, and its operands where they are files.
std::string fish_lines(const CLI::App& command) {
  const std::string begin =
      fmt::format("complete -c fieldscan -n '__fish_seen_subcommand_from {}'", command.get_name());
  std::string text;
  for (const CLI::Option* option : options_of(command)) {
    const std::string words = words_of(*option), about = escaped(option->get_description(), "'\\");
    if (is_positional(*option)) {
      if (is_directory(*option)) text += begin + " -a '(__fish_complete_directories)'\n";
      if (is_file(*option)) text += begin + " -F\n";
      continue;
    }
    std::string names;
    for (const std::string& name : option->get_lnames()) names += " -l " + name;
    for (const std::string& name : option->get_snames()) names += " -s " + name;
    const std::string value = value_name(*option).empty() ? ""
                              : !words.empty()            ? fmt::format(" -x -a '{}'", words)
                              : is_directory(*option)     ? " -x -a '(__fish_complete_directories)'"
                                                          : " -x";
    text += fmt::format("{}{}{} -d '{}'\n", begin, names, value, about);
  }
  return text;
}

std::string fish_script(const CLI::App& app) {
  std::string text =
      "# Completion of fieldscan for fish; made by `fieldscan manual --format fish`.\ncomplete -c fieldscan -f\n";
  for (const CLI::App* command : commands_of(app))
    text += fmt::format("complete -c fieldscan -n __fish_use_subcommand -a {} -d '{}'\n{}", command->get_name(),
                        escaped(command->get_description(), "'\\"), fish_lines(*command));
  return text;
}

}  // namespace

std::string completion(const CLI::App& app, std::string_view shell) {
  return shell == "zsh" ? zsh_script(app) : shell == "fish" ? fish_script(app) : bash_script(app);
}

}  // namespace fieldscan::command
