#include <fmt/format.h>

#include <cstdlib>
#include <fstream>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/shell.hpp"
#include "figure.hpp"
#include "gnuplot.hpp"

namespace fieldscan::analysis {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush())
    throw EnvironmentError(
        fmt::format("{} can not be written; is the disk full, or the directory read-only?", path.string()));
}

}  // namespace

void write_figure_files(const DrawnFigure& figure, const fs::path& directory) {
  if (figure.empty()) return;
  const fs::path drawing = directory / (figure.slug + ".svg"), picture = directory / (figure.slug + ".png");
  write(drawing, draw_svg(figure, Surroundings::standalone));
  write(directory / (figure.slug + ".csv"), table_of(figure));
  write(directory / (figure.slug + ".gp"), script_of(figure));
  const std::string command =
      fmt::format("cd {} && command -v gnuplot >/dev/null 2>&1 && gnuplot {}.gp >/dev/null 2>&1",
                  shell_word(fs::absolute(directory).string()), shell_word(figure.slug));
  if (std::system(command.c_str()) == 0) return;
  // Without gnuplot there is no PNG, and where gnuplot ended half-way neither; page, SVG and table are complete.
  std::error_code none;
  fs::remove(picture, none);
  write(drawing, draw_svg(figure, Surroundings::standalone));
}

}  // namespace fieldscan::analysis
