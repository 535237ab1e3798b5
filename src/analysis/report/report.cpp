#include "fieldscan/analysis/report/report.hpp"

#include <fmt/format.h>

#include "../figure/files.hpp"
#include "../figure/make.hpp"
#include "../figure/theory_record.hpp"
#include "../table/load.hpp"
#include "../test/evaluate.hpp"
#include "bibliography.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/output.hpp"
#include "methods.hpp"
#include "report_parts.hpp"

namespace fieldscan::analysis {

std::filesystem::path write_report(const scan::Scan& scan, const store::Store& store,
                                   const std::filesystem::path& out) {
  const Table table = load_table(scan, store);
  const Context context = make_context(scan, table);
  const auto results = evaluate_tests(context, scan.tests());
  const auto figures = make_figures(context, scan.figures(), scan.tests());
  std::error_code failed;
  std::filesystem::create_directories(out, failed);
  if (failed)
    throw EnvironmentError(
        fmt::format("{} can not be made ({}); choose another place with --out", out.string(), failed.message()));
  make_directory(out / "figures");
  std::vector<std::vector<std::string>> formats;
  for (const DrawnFigure& figure : figures) {
    formats.push_back(write_figure_files(figure, out / "figures"));
    if (const std::string record = theory_record(figure, table); !record.empty() && !figure.empty())
      write_file(out / "figures" / (figure.slug + "-theories.csv"), record);
  }
  const ReportContents contents{
      .scan = scan, .store = store, .context = context, .results = results, .figures = figures, .formats = formats};
  std::filesystem::path page = out / "index.html";
  write_file(page, page_of(contents));
  write_file(out / "methods.txt", methods_of(contents));
  write_file(out / "references.bib", bibliography_of(scan, table));
  return page;
}

}  // namespace fieldscan::analysis
