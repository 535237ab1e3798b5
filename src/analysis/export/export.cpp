#include "export.hpp"

#include <fmt/format.h>

#include <fstream>

#include "../evaluate.hpp"
#include "fieldscan/analysis/analysis.hpp"
#include "fieldscan/core/error.hpp"

namespace fieldscan::analysis {
namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush())
    throw EnvironmentError(
        fmt::format("{} can not be written; is the disk full, or the directory read-only?", path.string()));
}

/// The blocks' names; those without one by their number.
std::vector<std::string> block_names(const scan::Scan& scan) {
  std::vector<std::string> names;
  for (const scan::BlockInfo& block : scan.blocks())
    names.push_back(block.name.empty() ? fmt::format("block {}", names.size() + 1) : block.name);
  return names;
}

}  // namespace

void export_results(const scan::Scan& scan, const store::Store& store, Format format,
                    const std::filesystem::path& directory) {
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed)
    throw EnvironmentError(
        fmt::format("{} can not be made ({}); choose another place with --out", directory.string(), failed.message()));
  const Table table = load_table(scan, store);
  if (format == Format::json) {
    write(directory / "values.json", values_json(table, scan.name()));
    return write(directory / "verdicts.json", to_json(evaluate_tests(make_context(scan, table), scan.tests())));
  }
  if (format == Format::netcdf) return write_netcdf(table, block_names(scan), scan.name(), directory / "values.nc");
  write(directory / "values.csv", values_csv(table));
  write(directory / "points.csv", points_csv(table));
  write(directory / "failures.csv", failures_csv(table));
  write(directory / "provenance.csv", provenance_csv(store));
}

}  // namespace fieldscan::analysis
