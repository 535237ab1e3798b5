#include "export.hpp"

#include <fmt/format.h>

#include <fstream>

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

}  // namespace

void export_results(const scan::Scan& scan, const store::Store& store, Format format,
                    const std::filesystem::path& directory) {
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed) throw EnvironmentError(fmt::format("{} can not be made ({})", directory.string(), failed.message()));
  const Table table = load_table(scan, store);
  if (format == Format::json) return write(directory / "values.json", values_json(table, scan.name()));
  if (format == Format::netcdf) return write_netcdf(table, scan.name(), directory / "values.nc");
  write(directory / "values.csv", values_csv(table));
  write(directory / "points.csv", points_csv(table));
  write(directory / "failures.csv", failures_csv(table));
  write(directory / "provenance.csv", provenance_csv(store));
}

}  // namespace fieldscan::analysis
