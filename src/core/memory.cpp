#include "fieldscan/core/memory.hpp"

#include <fmt/format.h>
#include <sys/mman.h>

#include <cstdint>
#include <fstream>
#include <limits>
#include <memory>

#include "fieldscan/core/error.hpp"

namespace fieldscan {

double available_memory() {
  std::ifstream file("/proc/meminfo");
  std::string name, unit;
  double kilobytes = 0;
  while (file >> name >> kilobytes) {
    if (name == "MemAvailable:") return 1024 * kilobytes;
    std::getline(file, unit);
  }
  return std::numeric_limits<double>::infinity();
}

void require_memory(double bytes, const std::string& what) {
  constexpr double small = 64e6;
  if (bytes <= small) return;
  const double available = available_memory();
  if (!(bytes <= available))
    throw EnvironmentError(
        fmt::format("{} needs {:.2f} GB, and this machine has {:.2f} GB available; use fewer points, a machine with "
                    "more memory, or fewer ranks per node",
                    what, bytes * 1e-9, available * 1e-9));
}

void prefer_large_pages(void* begin, double bytes) {
  constexpr std::size_t large_page = 2097152;
  auto space = static_cast<std::size_t>(bytes);
  if (std::align(large_page, large_page, begin, space)) madvise(begin, space, MADV_HUGEPAGE);
}

}  // namespace fieldscan
