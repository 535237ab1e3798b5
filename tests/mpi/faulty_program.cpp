// Part of fieldscan_faults: FIELDSCAN_FAULT=KIND:CALL makes the CALL-th change of a file by SQLite fail in this
// process.
#include <cstdlib>
#include <string>

#include "../store/faults.hpp"

namespace {

[[gnu::constructor]] void install_fault() {
  const char* text = std::getenv("FIELDSCAN_FAULT");
  if (text == nullptr) return;
  const std::string plan = text;
  const auto colon = plan.find(':');
  if (colon == std::string::npos) std::abort();
  const std::string kind = plan.substr(0, colon);
  const auto fault = kind == "full" ? faults::Fault::full : kind == "gone" ? faults::Fault::gone : faults::Fault::kill;
  faults::install(fault, std::strtol(plan.c_str() + colon + 1, nullptr, 10));
}

}  // namespace
