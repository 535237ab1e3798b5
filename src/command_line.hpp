#pragma once
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

/// What the declared commands and options are made of, for those who write about them.
namespace fieldscan::command {

std::vector<const CLI::App*> commands_of(const CLI::App& app);
std::vector<const CLI::Option*> options_of(const CLI::App& app);
bool is_positional(const CLI::Option& option);
/// "NUMBER" of "NUMBER:positive number"; empty for flags.
std::string value_name(const CLI::Option& option);
/// The words of "TEXT:{csv,netcdf,json}", with spaces between; empty where an option takes no words.
std::string words_of(const CLI::Option& option);

}  // namespace fieldscan::command
