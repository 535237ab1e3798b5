#include "unseen_pixels.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "fieldscan/data/draw.hpp"
#include "fieldscan/network/convolution_grid.hpp"

namespace fieldscan::scan {
namespace {

/// "column 5", "columns 3, 7, 11, … (8 of 28)", counted from 1; empty where there are none.
std::string words_of_unseen(std::string_view line, const std::vector<bool>& seen) {
  constexpr std::size_t most_named = 6;
  std::vector<std::size_t> unseen;
  for (std::size_t k = 0; k < seen.size(); ++k)
    if (!seen[k]) unseen.push_back(k + 1);
  if (unseen.empty()) return "";
  const std::size_t named = std::min(unseen.size(), most_named);
  const std::vector<std::size_t> first(unseen.begin(), unseen.begin() + static_cast<std::ptrdiff_t>(named));
  return fmt::format("{}{} {}{} ({} of {})", line, unseen.size() > 1 ? "s" : "", fmt::join(first, ", "),
                     named < unseen.size() ? ", …" : "", unseen.size(), seen.size());
}

}  // namespace

void warn_of_unseen_pixels(const PointSpec& spec, const Variant& variant, Report& report) {
  const network::Architecture& given = spec.network.architecture;
  const int dimension = data::input_dimension(spec.data);
  if (!is_convolutional(given) || given.stride <= 1 || network::shape_problem(given, spec.network.depth, dimension))
    return;
  const network::Architecture full = network::resolved(given, dimension);
  const network::Convolution first = network::convolutions(full, 1).front();
  std::vector<bool> rows(static_cast<std::size_t>(full.rows)), columns(static_cast<std::size_t>(full.columns));
  for (const Index source : first.source) {
    if (source == network::Convolution::outside) continue;
    rows[static_cast<std::size_t>(source / full.columns)] = true;
    columns[static_cast<std::size_t>(source % full.columns)] = true;
  }
  std::string unseen = words_of_unseen("row", rows);
  const std::string of_columns = words_of_unseen("column", columns);
  if (!unseen.empty() && !of_columns.empty()) unseen += " and ";
  unseen += of_columns;
  if (unseen.empty()) return;
  const bool wide = given.stride > given.filter;
  report.warning("FS0631", place_of(variant, "network.architecture.stride"), "network.architecture.stride",
                 fmt::format("no filter sees {} of the image: filters of {} positions at a stride of {}{}", unseen,
                             given.filter, given.stride, wide ? "" : " end before them with `padding: valid`"),
                 wide ? fmt::format("a filter of {} or more, or a smaller stride", given.stride)
                      : "a stride that fits (extent − filter is a multiple of it), or `padding: circular` or `zero`");
}

}  // namespace fieldscan::scan
