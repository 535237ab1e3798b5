#include "fieldscan/campaign/cluster/slurm.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "catch.hpp"
#include "temporary.hpp"

using namespace fieldscan;
using namespace fieldscan::campaign;
namespace fs = std::filesystem;

namespace {

constexpr const char* scan_text = R"(fieldscan: 1
name: some-scan
data:
  input: {kind: sphere, dim: 4}
  target: linear
  train_size: 4
network: {width: 8}
theory: [nngp]
observe: [error_test]
)";

scan::Scan make_scan() {
  auto read = scan::read_scan(scan_text, "scan.yaml");
  INFO(scan::render(read.diagnostics, "scan.yaml", scan_text));
  REQUIRE(read.scan.has_value());
  return *read.scan;
}

fs::path make_folder(const std::string& name) {
  const fs::path folder = fieldscan::test::temporary(name);
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder;
}

/// A program called mpirun that writes down its arguments, each with a NUL at its end.
void write_mpirun(const fs::path& folder) {
  std::ofstream(folder / "mpirun") << "#!/bin/bash\nprintf '%s\\0' \"$@\" > arguments\n";
  fs::permissions(folder / "mpirun", fs::perms::owner_all);
}

/// What a job script, run as it is printed, hands to mpirun.
std::vector<std::string> arguments_of(const fs::path& folder, const SlurmOptions& options) {
  std::ofstream(folder / "job.sbatch", std::ios::binary) << slurm_script(make_scan(), options);
  fs::remove(folder / "arguments");
  const std::string command = "cd '" + folder.string() + "' && PATH=\"$PWD:$PATH\" bash job.sbatch";
  CHECK(std::system(command.c_str()) == 0);
  std::ifstream file(folder / "arguments", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  return words;
}

std::vector<std::string> with_launcher(const std::string& binary, std::vector<std::string> words) {
  words.insert(words.begin(), {"--bind-to", "none", binary, "run"});
  return words;
}

std::string nasty_word(std::mt19937& random) {
  constexpr std::array<std::string_view, 16> pieces{"'",
                                                    "\"",
                                                    "`touch witness`",
                                                    "$(touch witness)",
                                                    "\n",
                                                    "\\",
                                                    " ",
                                                    "@NAME@",
                                                    "@ARGUMENTS@",
                                                    "@@",
                                                    ";",
                                                    "&",
                                                    "{a,b}",
                                                    "!",
                                                    "%j",
                                                    "x"};
  std::string word = "w";
  for (auto k = random() % 6; k > 0; --k) word += pieces.at(random() % pieces.size());
  return word;
}

}  // namespace

TEST_CASE("the template that is built in is the file", "[slurm]") {
  std::ifstream file(std::string(FIELDSCAN_SOURCE_DIR) + "/slurm/template.sbatch", std::ios::binary);
  REQUIRE(file);
  CHECK(slurm_template() == std::string(std::istreambuf_iterator<char>(file), {}));
}

TEST_CASE("the job script has every value and no gap", "[slurm]") {
  const std::string script = slurm_script(make_scan(), {.binary = "/opt/field scan",
                                                        .arguments = {"it's.yaml", "--out", "runs/a scan"},
                                                        .nodes = 3,
                                                        .tasks_per_node = 7,
                                                        .hours = 1.5,
                                                        .memory_per_task_gigabytes = 0.5,
                                                        .signal_seconds = 90});
  for (const char* part :
       {"--job-name=some-scan\n", "--nodes=3\n", "--ntasks-per-node=7\n", "--mem-per-cpu=512M\n", "--time=01:30:00\n",
        "--signal=B:USR1@90\n", "mpirun --bind-to none '/opt/field scan' run 'it'\\''s.yaml' --out 'runs/a scan' &\n"})
    CHECK(script.find(part) != std::string::npos);
  for (const char* gap : {"@NAME@", "@NODES@", "@TASKS_PER_NODE@", "@MEMORY_MB@", "@TIME@", "@SIGNAL_SECONDS@",
                          "@MODULES@", "@BINARY@", "@ARGUMENTS@"})
    CHECK(script.find(gap) == std::string::npos);
}

// Slurm opens the file before the script runs, and says nothing where its folder is missing.
TEST_CASE("the job writes into the folder that it is submitted from", "[slurm]") {
  const std::string script = slurm_script(make_scan());
  const auto begin = script.find("#SBATCH --output=");
  REQUIRE(begin != std::string::npos);
  CHECK(script.substr(begin, script.find('\n', begin) - begin) == "#SBATCH --output=some-scan.%j.out");
}

TEST_CASE("the job script hands every word on as it is", "[slurm]") {
  const fs::path folder = make_folder("slurm-words");
  write_mpirun(folder);
  std::vector<std::string> words{"@FILE@.yaml",
                                 "--set=name=@NAME@",
                                 "--set=data.target={kind: gegenbauer, levels: {1: 0.8, 3: 0.2}}",
                                 "`touch witness`",
                                 "$(touch witness)",
                                 "it's; touch witness #",
                                 "two\nlines\n#SBATCH --uid=0",
                                 "\\",
                                 "",
                                 "*",
                                 "~",
                                 "größer",
                                 "\xff\x01"};
  CHECK(arguments_of(folder, {.binary = "/opt/@BINARY@", .arguments = words}) == with_launcher("/opt/@BINARY@", words));
  std::mt19937 random(5);
  for (int trial = 0; trial < 20; ++trial) {
    words.clear();
    for (int k = 0; k < 5; ++k) words.push_back(nasty_word(random));
    CHECK(arguments_of(folder, {.binary = "/opt/fieldscan", .arguments = words}) ==
          with_launcher("/opt/fieldscan", words));
  }
  CHECK_FALSE(fs::exists(folder / "witness"));
  fs::remove_all(folder);
}
