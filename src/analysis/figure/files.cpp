#include "files.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "fieldscan/core/output.hpp"
#include "fieldscan/core/shell.hpp"
#include "gnuplot.hpp"
#include "svg.hpp"
#include "table.hpp"

namespace fieldscan::analysis {

namespace fs = std::filesystem;

void write_figure_files(const DrawnFigure& figure, const fs::path& directory) {
  if (figure.empty()) return;
  const fs::path drawing = directory / (figure.slug + ".svg"), picture = directory / (figure.slug + ".png");
  write_file(drawing, draw_svg(figure, Surroundings::standalone));
  write_file(directory / (figure.slug + ".csv"), table_of(figure));
  write_file(directory / (figure.slug + ".gp"), script_of(figure));
  std::error_code ignored;
  if (fs::is_symlink(fs::symlink_status(picture, ignored))) fs::remove(picture, ignored);  // gnuplot would follow it
  const std::string command =
      fmt::format("cd {} && command -v gnuplot >/dev/null 2>&1 && gnuplot {}.gp >/dev/null 2>&1",
                  shell_word(fs::absolute(directory).string()), shell_word(figure.slug));
  if (std::system(command.c_str()) == 0) return;
  // Without gnuplot there is no PNG, and where gnuplot ended half-way neither; page, SVG and table are complete.
  fs::remove(picture, ignored);
  write_file(drawing, draw_svg(figure, Surroundings::standalone));
}

}  // namespace fieldscan::analysis
