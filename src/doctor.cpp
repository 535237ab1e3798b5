#include "doctor.hpp"

#include <fmt/format.h>
#include <mpi.h>
#include <sqlite3.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <Eigen/Core>
#include <boost/version.hpp>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

#include "fieldscan/core/build.hpp"
#include "fieldscan/core/linear_algebra_library.hpp"

namespace fieldscan {

namespace {

std::string line_after_colon(const char* file, const std::string& key) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(key))
      if (const auto colon = line.find(':'); colon != std::string::npos) {
        const auto begin = line.find_first_not_of(" \t", colon + 1);
        return begin == std::string::npos ? "" : line.substr(begin);
      }
  return "unknown";
}

std::string mpi_library() {
  char text[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  MPI_Get_library_version(text, &length);  // allowed before MPI_Init
  const std::string whole(text, static_cast<std::size_t>(length));
  return whole.substr(0, whole.find(','));
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "not set" : value;
}

}  // namespace

std::string doctor_report() {
  std::string out;
  const auto say = [&](std::string_view what, const std::string& value) {
    out += fmt::format("{:<22} {}\n", what, value);
  };
  const std::string tune = build::tuning();
  say("fieldscan", build::version());
  say("compiler", __VERSION__);
  say("tuned for", tune.empty() ? "what the compiler chooses" : tune);
  say("instruction set", build::architecture());
  say("vector width", fmt::format("{} doubles", Eigen::internal::packet_traits<double>::size));
  say("linear algebra", linear_algebra_library());
  if (const std::string slow = slow_linear_algebra(); !slow.empty()) say("  slow", slow);
  say("Eigen", fmt::format("{}.{}.{}", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION));
  say("Boost", BOOST_LIB_VERSION);
  say("MPI", mpi_library());
  say("SQLite", sqlite3_libversion());
  say("processor", line_after_colon("/proc/cpuinfo", "model name"));
  say("cores here", fmt::format("{}", std::thread::hardware_concurrency()));
  say("memory", line_after_colon("/proc/meminfo", "MemTotal"));
  struct statvfs disk {};
  if (statvfs(".", &disk) == 0)
    say("free disk here",
        fmt::format("{:.1f} GB", static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize) * 1e-9));
  say("Slurm job", environment("SLURM_JOB_ID"));
  say("yield when idle", environment("OMPI_MCA_mpi_yield_when_idle"));
  return out;
}

}  // namespace fieldscan
