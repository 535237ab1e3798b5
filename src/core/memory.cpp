#include "fieldscan/core/memory.hpp"

#include <fmt/format.h>
#include <malloc.h>
#include <sys/mman.h>

#include <cstdint>
#include <fstream>
#include <limits>
#include <memory>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/freed_memory.hpp"

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

void keep_freed_memory() {
#ifdef __GLIBC__
  constexpr int largest = 32 << 20;  // that glibc takes from memory it has; what is larger comes from the system
  mallopt(M_MMAP_THRESHOLD, largest);
  mallopt(M_TRIM_THRESHOLD, 4 * largest);
#endif
}

}  // namespace fieldscan
