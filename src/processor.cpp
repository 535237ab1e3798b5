#include <unistd.h>

#include <cstring>

/// Compares the instruction set that the binary was built for with the processor's, before any vector instruction runs:
/// this file is compiled for the baseline processor (CMakeLists.txt) and runs ahead of all other initialisation.
namespace {

void say(const char* text) { [[maybe_unused]] const auto written = write(STDERR_FILENO, text, std::strlen(text)); }

[[gnu::constructor(101)]] void compare_instruction_sets() {
  __builtin_cpu_init();
  const char* missing = nullptr;
#ifdef FIELDSCAN_NEEDS_AVX2
  if (!__builtin_cpu_supports("avx2")) missing = "AVX2";
#endif
#ifdef FIELDSCAN_NEEDS_FMA
  if (!__builtin_cpu_supports("fma")) missing = "FMA";
#endif
#ifdef FIELDSCAN_NEEDS_AVX512F
  if (!__builtin_cpu_supports("avx512f")) missing = "AVX-512";
#endif
  if (missing == nullptr) return;
  say("fieldscan: this binary was built for processors with ");
  say(missing);
  say(", which this one lacks (built with FIELDSCAN_ARCH=" FIELDSCAN_ARCH
      "); rebuild with -DFIELDSCAN_ARCH=native here, or x86-64-v3 for all processors since 2015\n");
  _exit(1);
}

}  // namespace
