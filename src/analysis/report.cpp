#include <fmt/format.h>

#include <fstream>

#include "evaluate.hpp"
#include "fieldscan/core/error.hpp"
#include "report_parts.hpp"

namespace fieldscan::analysis {

std::filesystem::path write_report(const scan::Scan& scan, const store::Store& store,
                                   const std::filesystem::path& out) {
  const Table table = load_table(scan, store);
  const Context context = make_context(scan, table);
  const auto results = evaluate_tests(context, scan.tests());
  const auto figures = make_figures(context, scan.figures(), scan.tests());
  std::error_code failed;
  std::filesystem::create_directories(out / "figures", failed);
  if (failed)
    throw EnvironmentError(fmt::format("{} can not be made ({}); choose another place with --out",
                                       (out / "figures").string(), failed.message()));
  for (const DrawnFigure& figure : figures) write_figure_files(figure, out / "figures");
  std::filesystem::path page = out / "index.html";
  std::ofstream file(page, std::ios::binary);
  file << page_of({.scan = scan, .store = store, .context = context, .results = results, .figures = figures});
  if (!file.flush()) throw EnvironmentError(fmt::format("{} can not be written; is the disk full?", page.string()));
  return page;
}

}  // namespace fieldscan::analysis
