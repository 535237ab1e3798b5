#include "fieldscan/core/linear_algebra_library.hpp"

#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

// Only OpenBLAS has them; with another library the symbols stay null.
extern "C" char* openblas_get_config(void) __attribute__((weak));
extern "C" char* openblas_get_corename(void) __attribute__((weak));

namespace fieldscan {

namespace library_of_linear_algebra {
namespace {

struct Kernels {
  std::string_view core;  ///< as OpenBLAS names it
  int doubles;            ///< in one register of its kernels
};

// OpenBLAS 0.3.21 to 0.3.29, driver/others/dynamic.c: its processors of 64 bits.
constexpr std::array list{Kernels{"Prescott", 2},   Kernels{"Core2", 2},      Kernels{"Penryn", 2},
                          Kernels{"Dunnington", 2}, Kernels{"Nehalem", 2},    Kernels{"Atom", 2},
                          Kernels{"Nano", 2},       Kernels{"Opteron", 2},    Kernels{"Opteron_SSE3", 2},
                          Kernels{"Barcelona", 2},  Kernels{"Bobcat", 2},     Kernels{"Sandybridge", 4},
                          Kernels{"Bulldozer", 4},  Kernels{"Piledriver", 4}, Kernels{"Steamroller", 4},
                          Kernels{"Excavator", 4},  Kernels{"Haswell", 4},    Kernels{"Zen", 8},
                          Kernels{"SkylakeX", 8},   Kernels{"Cooperlake", 8}, Kernels{"Sapphirerapids", 8}};

std::optional<int> doubles_of(std::string_view core) {
  const auto same = [](char a, char b) { return std::tolower(a) == std::tolower(b); };
  const auto found =
      std::ranges::find_if(list, [&](const Kernels& kernels) { return std::ranges::equal(kernels.core, core, same); });
  return found == list.end() ? std::nullopt : std::optional(found->doubles);
}

}  // namespace
}  // namespace library_of_linear_algebra

std::string linear_algebra_core() {
  return openblas_get_corename == nullptr ? std::string() : std::string(openblas_get_corename());
}

std::string linear_algebra_library() {
  if (openblas_get_config == nullptr) return "LAPACK";
  const std::string config = openblas_get_config();  // "OpenBLAS 0.3.21 DYNAMIC_ARCH NO_AFFINITY …"
  const auto name = config.find(' ');
  const std::string release = config.substr(0, name == std::string::npos ? name : config.find(' ', name + 1));
  return fmt::format("{}, kernels for {}", release, linear_algebra_core());
}

std::string slow_kernels(std::string_view core, int doubles) {
  const auto own = library_of_linear_algebra::doubles_of(core);
  if (!own || *own >= doubles) return "";
  return fmt::format(
      "the linear algebra library runs kernels for {}, {} doubles at a time, and this program {}: eigenvalues of large "
      "kernels take up to {} times as long; export OPENBLAS_CORETYPE={}",
      core, *own, doubles, doubles / *own, doubles == 8 ? "SkylakeX" : "Haswell");
}

std::string slow_linear_algebra() {
  return slow_kernels(linear_algebra_core(), Eigen::internal::packet_traits<double>::size);
}

}  // namespace fieldscan
