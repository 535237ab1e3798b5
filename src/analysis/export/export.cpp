#include "fieldscan/analysis/export/export.hpp"

#include <fmt/format.h>

#include "../table/load.hpp"
#include "../test/evaluate.hpp"
#include "csv.hpp"
#include "fieldscan/analysis/verdict/render.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/output.hpp"
#include "json_values.hpp"
#include "netcdf.hpp"

namespace fieldscan::analysis {
namespace {

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
  const Table table = load_table(scan, store);
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed)
    throw EnvironmentError(
        fmt::format("{} can not be made ({}); choose another place with --out", directory.string(), failed.message()));
  if (format == Format::json) {
    write_file(directory / "values.json", values_json(table, scan.name()));
    return write_file(directory / "verdicts.json", to_json(evaluate_tests(make_context(scan, table), scan.tests())));
  }
  if (format == Format::netcdf) return write_netcdf(table, block_names(scan), scan.name(), directory / "values.nc");
  write_file(directory / "values.csv", values_csv(table));
  write_file(directory / "points.csv", points_csv(table));
  write_file(directory / "failures.csv", failures_csv(table));
  write_file(directory / "provenance.csv", provenance_csv(store));
}

}  // namespace fieldscan::analysis
