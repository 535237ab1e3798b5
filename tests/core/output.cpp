#include "fieldscan/core/output.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <iterator>

#include "catch.hpp"
#include "fieldscan/core/error.hpp"

using namespace fieldscan;

namespace {

namespace fs = std::filesystem;

struct Directory {
  fs::path path;
  Directory() {
    std::string name = (fs::temp_directory_path() / "fieldscan-test-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  ~Directory() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

std::string slurp(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The exit status of what is done in a child with its streams prepared; −1 where a signal killed it.
template <class Work>
int status_of(const Work& work) {
  const pid_t child = fork();
  if (child == 0) _exit(work());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("a file is written whole or not at all", "[output]") {
  const Directory directory;
  const fs::path file = directory.path / "table.csv";
  write_file(file, "first");
  write_file(file, "second");
  CHECK(slurp(file) == "second");
  CHECK(status_of([&] {
          prepare_output();
          const rlimit small{100, RLIM_INFINITY};
          setrlimit(RLIMIT_FSIZE, &small);
          try {
            write_file(file, std::string(1000, 'x'));
          } catch (const EnvironmentError&) {
            return 7;
          }
          return 0;
        }) == 7);
  CHECK(slurp(file) == "second");
  CHECK(std::distance(fs::directory_iterator(directory.path), {}) == 1);
  CHECK_THROWS_AS(write_file(directory.path / "none" / "table.csv", "x"), EnvironmentError);
}

TEST_CASE("links are replaced by files, never followed", "[output]") {
  const Directory directory;
  const fs::path file = directory.path / "table.csv", precious = directory.path / "precious";
  std::ofstream(precious) << "precious";
  fs::create_symlink(precious, file);
  fs::create_symlink(precious, file.string() + ".new");
  write_file(file, "x");
  CHECK(slurp(precious) == "precious");
  CHECK(slurp(file) == "x");
  CHECK_FALSE(fs::is_symlink(file));
  fs::create_directory(directory.path / "elsewhere");
  fs::create_directory_symlink(directory.path / "elsewhere", directory.path / "figures");
  CHECK_THROWS_AS(make_directory(directory.path / "figures"), EnvironmentError);
  CHECK_NOTHROW(make_directory(directory.path / "elsewhere"));
}

TEST_CASE("what can not be printed is known at the end, what can not be said is lost", "[output]") {
  const auto to_full = [](int stream) { return dup2(open("/dev/full", O_WRONLY), stream) == stream; };
  CHECK(status_of([&] {
          prepare_output();
          if (!to_full(STDOUT_FILENO) || !to_full(STDERR_FILENO)) return 9;
          print("words");
          say("words");
          say_in_passing("words");
          return output_failure() ? 7 : 0;
        }) == 7);
  CHECK(status_of([&] {
          std::array<int, 2> ends{};
          if (pipe(ends.data()) != 0 || dup2(ends[1], STDERR_FILENO) < 0) return 9;
          prepare_output();
          for (int k = 0; k < 1000; ++k)
            say_in_passing(std::string(1000, 'x'));  // nobody reads: more than a pipe holds
          close(ends[0]);
          say("no signal");
          return output_failure() ? 7 : 0;
        }) == 0);
  CHECK(status_of([] {
          for (const int stream : {0, 1, 2}) close(stream);
          prepare_output();
          const int next = open("/dev/null", O_RDONLY);
          print("words");
          return next > STDERR_FILENO && output_failure() ? 7 : 0;
        }) == 7);
}
