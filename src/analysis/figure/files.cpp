#include <fmt/format.h>

#include <cstdlib>

#include "fieldscan/core/output.hpp"
#include "figure.hpp"
#include "gnuplot.hpp"

namespace fieldscan::analysis {
namespace {

namespace fs = std::filesystem;

/// A text with every occurrence of one character replaced.
std::string replaced(std::string_view text, char what, std::string_view by) {
  std::string out;
  for (const char c : text) {
    if (c == what)
      out += by;
    else
      out += c;
  }
  return out;
}

}  // namespace

void write_figure_files(const DrawnFigure& figure, const fs::path& directory) {
  if (figure.empty()) return;
  write_file(directory / (figure.slug + ".svg"), draw_svg(figure, Surroundings::standalone));
  write_file(directory / (figure.slug + ".csv"), table_of(figure));
  write_file(directory / (figure.slug + ".gp"), script_of(figure));
  const fs::path picture = directory / (figure.slug + ".png");
  std::error_code ignored;
  if (fs::is_symlink(fs::symlink_status(picture, ignored))) fs::remove(picture, ignored);  // gnuplot would follow it
  // The slug has letters, digits and hyphens only; the directory is quoted for the shell.
  const std::string folder = replaced(fs::absolute(directory).string(), '\'', "'\\''");
  const std::string command = fmt::format(
      "cd '{}' && command -v gnuplot >/dev/null 2>&1 && gnuplot {}.gp >/dev/null 2>&1", folder, figure.slug);
  [[maybe_unused]] const int status =
      std::system(command.c_str());  // without gnuplot there is no PNG; page, SVG and table are complete
}

}  // namespace fieldscan::analysis
