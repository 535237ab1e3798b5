#include "../../../src/analysis/formula/groups.hpp"

#include "../../../src/analysis/formula/sites.hpp"
#include "../synthetic.hpp"
#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace {

/// Two blocks of the same widths, that differ in a field which is no axis.
Table two_blocks(double first_size, double second_size) {
  Table table = syn::make_table({.draws = 4});
  syn::add_errors(table, 3, {.draws = 0.1, .initialisations = 0, .rest = 0.1});
  const Table other = table;
  table.points.insert(table.points.end(), other.points.begin(), other.points.end());
  table.blocks.resize(2);
  const std::size_t half = other.points.size();
  for (std::size_t p = 0; p < table.points.size(); ++p) {
    table.points[p].point.block = p < half ? 0 : 1;
    table.points[p].point.names[1].value = p < half ? first_size : second_size;
  }
  return table;
}

std::vector<Group> curves(const Table& table, const std::string& where = "") {
  const Context context = syn::make_context(table);
  Selection selection{.formulas = {context.resolve("error_test")},
                      .where = std::nullopt,
                      .names = {"width"},
                      .at = {},
                      .theory = {},
                      .theories = {}};
  if (!where.empty()) selection.where = context.resolve(where);
  const scan::Mentions versus = context.resolve("width");
  return group_sites(context, select_sites(context, selection), {"network.width"}, {}, &versus);
}

}  // namespace

TEST_CASE("points of different blocks at one abscissa are two curves", "[groups]") {
  const Table table = two_blocks(16, 32);
  const std::vector<Group> groups = curves(table);
  REQUIRE(groups.size() == 2);
  for (const Group& group : groups) CHECK(group.sites.size() == table.points.size() / 2);
  CHECK(groups[0].label == "train_size = 16");
  CHECK(groups[1].label == "train_size = 32");
}

TEST_CASE("blocks that share no abscissa are one curve, whatever their fields", "[groups]") {
  Table table = two_blocks(16, 32);
  for (std::size_t p = 0; p < table.points.size(); ++p)
    if (table.points[p].point.block == 1) {
      auto& width = table.points[p].point.names[0].value;
      width = 100 * std::get<double>(width);
    }
  const std::vector<Group> groups = curves(table);
  REQUIRE(groups.size() == 1);
  CHECK(groups[0].sites.size() == table.points.size());
}

TEST_CASE("points of one block stay one curve: what differs there are its axes", "[groups]") {
  Table table = two_blocks(16, 32);
  for (TablePoint& point : table.points) point.point.block = 0;
  CHECK(curves(table).size() == 1);
}
