#include "manual.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

#include "command_line.hpp"
#include "commands.hpp"
#include "fieldscan/core/build.hpp"

namespace fieldscan::command {

namespace {

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

}  // namespace fieldscan::command
