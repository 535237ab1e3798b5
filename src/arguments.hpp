#pragma once
#include <optional>
#include <string>
#include <vector>

#include "commands.hpp"

namespace CLI {
class App;
}

namespace fieldscan::command {

/// Everything the command line can say.
struct Arguments {
  ScanArguments scan;
  RunArguments run;
  TheoryArguments theory;
  ReplicaArguments replica;
  SlurmArguments slurm;
  double node_memory = 0;
  bool regime = false;
  std::optional<std::uint64_t> sample;
  std::vector<std::string> words = {};
  std::string directory, format = "csv", out = "tables", report, name, reason, condition, manual = "man";
  std::optional<std::string> deadline;
  bool json = false, now = false;
};

/// Declares all commands with their options, which are filled in while the line is parsed.
void declare_commands(CLI::App& app, Arguments& arguments);

}  // namespace fieldscan::command
