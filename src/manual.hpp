#pragma once
#include <string>
#include <string_view>

namespace CLI {
class App;
}

/// What the declared commands and options say of themselves, for others than the terminal: there is no second source.
namespace fieldscan::command {

/// The manual page, in roff.
std::string man_page(const CLI::App& app);
/// A script that completes commands, options and the words that options take: for bash, zsh or fish.
std::string completion(const CLI::App& app, std::string_view shell);

}  // namespace fieldscan::command
