#include "commands.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <system_error>

#include "doctor.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/output.hpp"
#include "fieldscan/scan/help/explain.hpp"
#include "fieldscan/scan/help/init.hpp"
#include "fieldscan/scan/help/json_schema.hpp"
#include "fieldscan/store/store.hpp"

namespace fieldscan::command {

namespace {

constexpr std::size_t most_read = 16'000'000;  ///< bytes of a scan file; its reader refuses fewer

}  // namespace

std::string read_file(const std::string& path) {
  std::error_code unknown;
  if (std::filesystem::is_directory(path, unknown))
    throw EnvironmentError(fmt::format("'{}' is a directory, not a scan file", path));
  std::ifstream in(path, std::ios::binary);
  if (!in) throw EnvironmentError(fmt::format("can not read '{}'; is the path right?", path));
  std::string text(most_read, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

int report_failure() {
  try {
    throw;
  } catch (const store::StoreError& error) {
    say(fmt::format("fieldscan: {}\n", error.what()));
    return 7;
  } catch (const std::exception& error) {
    say(fmt::format("fieldscan: {}\n", error.what()));
    return 1;
  }
}

int explain(const std::string& name, const std::string& command) {
  if (name.empty()) {
    print(scan::explain_all());
    return 0;
  }
  print(command);
  if (const auto page = ending_page(name); !page.empty()) {
    print(page);
    return 0;
  }
  const auto explanation = scan::explain(name);
  if (explanation.found)
    print(explanation.text);
  else if (command.empty())
    say(explanation.text);
  return explanation.found || !command.empty() ? 0 : 2;
}

int init() {
  print(scan::starter_scan());
  return 0;
}

int schema() {
  print_exactly(scan::json_schema());
  return 0;
}

int doctor() {
  print(doctor_report());
  return 0;
}

}  // namespace fieldscan::command
