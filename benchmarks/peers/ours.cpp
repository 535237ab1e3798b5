// benchmark_peers SUBJECT FOLDER NAME=VALUE…: one side of a row of run.py. It makes ready and says what it is; then,
// for every number of runs that it reads, it says the seconds of the shortest, in time of the thread's processor, and
// the kilobytes that it held at most so far.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>

#include "../timing.hpp"
#include "fieldscan/core/build.hpp"
#include "fieldscan/core/freed_memory.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/linear_algebra_library.hpp"
#include "ours.hpp"

namespace peers {

Row::Row(std::filesystem::path folder, std::map<std::string, std::string> words)
    : folder_(std::move(folder)), words_(std::move(words)) {}

const std::string& Row::word(const std::string& name) const {
  const auto found = words_.find(name);
  if (found == words_.end()) throw std::runtime_error(name + " is not said");
  return found->second;
}

int Row::number(const std::string& name) const { return std::stoi(word(name)); }

fieldscan::network::ActivationChoice Row::activation() const {
  if (word("activation") == "relu") return fieldscan::network::Relu{};
  return fieldscan::network::Erf{};
}

Matrix Row::read(const std::string& name, Index rows, Index columns) const {
  Matrix out(rows, columns);
  const auto bytes = static_cast<std::streamsize>(sizeof(double)) * out.size();
  std::ifstream in(folder_ / (name + ".bin"), std::ios::binary);
  in.read(reinterpret_cast<char*>(out.data()), bytes);
  if (in.gcount() != bytes || in.peek() != std::ifstream::traits_type::eof())
    throw std::runtime_error(fmt::format("{} is not {} x {} doubles", name, rows, columns));
  return out;
}

void Row::write(const std::string& name, const Matrix& result) const {
  std::ofstream out(folder_ / ("ours_" + name + ".bin"), std::ios::binary);
  out.write(reinterpret_cast<const char*>(result.data()), static_cast<std::streamsize>(sizeof(double)) * result.size());
  if (!out.flush()) throw std::runtime_error(name + " can not be written");
}

}  // namespace peers

namespace {

std::map<std::string, std::string> words_of(int count, char** arguments) {
  std::map<std::string, std::string> words;
  for (int k = 0; k < count; ++k) {
    const std::string word = arguments[k];
    const auto equal = word.find('=');
    if (equal == std::string::npos) throw std::runtime_error(word + " is not NAME=VALUE");
    words[word.substr(0, equal)] = word.substr(equal + 1);
  }
  return words;
}

long most_kilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stol(line.substr(6));
  return 0;
}

void serve(const peers::Work& work) {
  fmt::print("ready fieldscan {}, {}\n", fieldscan::build::version(), fieldscan::linear_algebra_library());
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) {
    const double seconds = benchmark::shortest(std::stoi(line), work);
    fmt::print("{:.9g} {}\n", seconds, most_kilobytes());
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) try {
  const std::map<std::string, peers::Work (*)(const peers::Row&)> subjects{
      {"kernels", peers::kernels},       {"convolutional_kernel", peers::convolutional_kernel},
      {"regression", peers::regression}, {"empirical_ntk", peers::empirical_ntk},
      {"steps", peers::steps},           {"posterior", peers::posterior}};
  const auto subject = argc > 2 ? subjects.find(argv[1]) : subjects.end();
  if (subject == subjects.end()) return 2;
  fieldscan::keep_freed_memory();
  fieldscan::set_linear_algebra_threads(1);
  serve(subject->second(peers::Row(argv[2], words_of(argc - 3, argv + 3))));
} catch (const std::exception& error) {
  fmt::print(stderr, "benchmark_peers: {}\n", error.what());
  return 1;
}
