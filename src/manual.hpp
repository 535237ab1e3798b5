#pragma once
#include <string>

namespace CLI {
class App;
}

/// What the declared commands and options say of themselves, for others than the terminal: there is no second source.
namespace fieldscan::command {

/// The manual page, in roff.
std::string man_page(const CLI::App& app);
/// A script for bash that completes commands, options and the words that options take.
std::string bash_completion(const CLI::App& app);

}  // namespace fieldscan::command
