#include "fieldscan/analysis/export/export.hpp"

#include <fmt/format.h>

#include <set>

#include "../table/load.hpp"
#include "../test/evaluate.hpp"
#include "csv.hpp"
#include "fieldscan/analysis/verdict/render.hpp"
#include "fieldscan/core/build.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/output.hpp"
#include "json_values.hpp"
#include "netcdf.hpp"
#include "targets.hpp"

namespace fieldscan::analysis {
namespace {

/// The blocks' names; those without one by their number.
std::vector<std::string> block_names(const scan::Scan& scan) {
  std::vector<std::string> names;
  for (const scan::BlockInfo& block : scan.blocks())
    names.push_back(block.name.empty() ? fmt::format("block {}", names.size() + 1) : block.name);
  return names;
}

std::size_t arrays_of(const Series& series) {
  std::size_t count = 0;
  for (const Member& member : series.members) count += member.arrays.size();
  return count;
}

/// Those that are stored; predictions that points share count once.
std::size_t arrays_of(const Table& table) {
  std::size_t count = 0;
  std::set<const Series*> seen;
  for (const TablePoint& point : table.points) {
    count += arrays_of(point.measured);
    for (const auto& [name, series] : point.theories)
      if (seen.insert(series.get()).second) count += arrays_of(*series);
  }
  return count;
}

/// Where the numbers of a file come from, for who has the file alone.
Attributes attributes_of(const scan::Scan& scan, const store::Store& store, const Table& table) {
  std::string overrides;
  for (const std::string& o : scan.overrides()) overrides += (overrides.empty() ? "" : " ") + ("--set " + o);
  const auto latest = store.latest_scan();
  return {{"title", scan.name()},
          {"scan", scan.text()},
          {"overrides", overrides},
          {"seed", fmt::format("{}", scan.seed())},
          {"program", "fieldscan " + (latest ? latest->version : build::version())},
          {"machine", fmt::format("{}{}{}", build::architecture(), build::tuning().empty() ? "" : ", tuned for ",
                                  build::tuning())},
          {"verdicts", to_json(evaluate_tests(make_context(scan, table), scan.tests()))}};
}

}  // namespace

std::size_t export_results(const scan::Scan& scan, const store::Store& store, Format format,
                           const std::filesystem::path& directory) {
  const Table table = load_table(scan, store);
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed)
    throw EnvironmentError(
        fmt::format("{} can not be made ({}); choose another place with --out", directory.string(), failed.message()));
  if (format == Format::json) {
    write_file(directory / "values.json", values_json(table, scan.name()));
    write_file(directory / "verdicts.json", to_json(evaluate_tests(make_context(scan, table), scan.tests())));
    return arrays_of(table);
  }
  if (format == Format::netcdf) {
    write_netcdf(with_targets(table), block_names(scan), attributes_of(scan, store, table), directory / "values.nc");
    return 0;
  }
  write_file(directory / "values.csv", values_csv(table));
  write_file(directory / "ensembles.csv", ensembles_csv(table));
  write_file(directory / "points.csv", points_csv(table));
  write_file(directory / "failures.csv", failures_csv(table));
  write_file(directory / "provenance.csv", provenance_csv(store));
  return arrays_of(table);
}

}  // namespace fieldscan::analysis
