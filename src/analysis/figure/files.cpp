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

namespace {

/// Converts a drawing with librsvg; false where that is not there, or fails.
bool convert(const fs::path& drawing, const fs::path& picture, const char* options) {
  std::error_code ignored;
  fs::remove(picture, ignored);  // what is written may else be what a link points at
  const std::string command =
      fmt::format("command -v rsvg-convert >/dev/null 2>&1 && rsvg-convert {} -o {} {} >/dev/null 2>&1", options,
                  shell_word(fs::absolute(picture).string()), shell_word(fs::absolute(drawing).string()));
  return std::system(command.c_str()) == 0;
}

}  // namespace

std::vector<std::string> write_figure_files(const DrawnFigure& figure, const fs::path& directory) {
  if (figure.empty()) return {};
  const fs::path drawing = directory / (figure.slug + ".svg");
  write_file(drawing, draw_svg(figure, Surroundings::standalone));
  write_file(directory / (figure.slug + ".csv"), table_of(figure));
  write_file(directory / (figure.slug + ".gp"), script_of(figure));
  std::vector<std::string> formats{"svg"};
  if (convert(drawing, directory / (figure.slug + ".pdf"), "-f pdf")) formats.emplace_back("pdf");
  if (convert(drawing, directory / (figure.slug + ".png"), "-f png -d 300 -p 300")) formats.emplace_back("png");
  return formats;
}

}  // namespace fieldscan::analysis
