#include <algorithm>
#include <cmath>
#include <limits>

#include "fieldscan/core/random.hpp"
#include "read.hpp"

namespace fieldscan::data {
namespace {

/// Labels that `classes` can name.
bool can_be_named(double label) {
  return label >= 0 && label <= std::numeric_limits<int>::max() && label == std::floor(label);
}

std::map<double, Index> count_labels(const std::vector<double>& labels) {
  std::map<double, Index> counts;
  for (const double label : labels)
    if (can_be_named(label)) ++counts[label];
  return counts;
}

Index count_of(const std::map<double, Index>& counts, double label) {
  const auto found = counts.find(label);
  return found == counts.end() ? 0 : found->second;
}

bool has_own_test(const FileFacts& facts, TestFrom test_from) { return facts.has_test && test_from != TestFrom::pool; }

}  // namespace

std::vector<Index> held_out_order(const std::string& content, Index rows) {
  return Stream(0, Purpose::file_permutation, "held out\n" + content, 0, 0).permutation(rows);
}

Index held_out_count(Index rows, double test_part) {
  return std::min(static_cast<Index>(std::ceil(test_part * static_cast<double>(rows))), rows);
}

FileFacts read_facts(const std::string& path, Header header, const std::filesystem::path& place) {
  const Tables tables = read_tables(place.string(), header);
  FileFacts facts{.path = path,
                  .header = header,
                  .place = place.string(),
                  .content = tables.content,
                  .dimension = tables.train.dimension,
                  .has_test = tables.test.has_value(),
                  .train_rows = tables.train.rows,
                  .test_rows = tables.test ? tables.test->rows : 0,
                  .train_count = count_labels(tables.train.label),
                  .test_count = {},
                  .held_out_places = {},
                  .note = tables.note};
  if (tables.test) facts.test_count = count_labels(tables.test->label);
  const auto order = held_out_order(tables.content, tables.train.rows);
  for (std::size_t k = 0; k < order.size(); ++k)
    if (const double label = tables.train.label[static_cast<std::size_t>(order[k])]; can_be_named(label))
      facts.held_out_places[label].push_back(static_cast<std::uint32_t>(k));
  return facts;
}

FileFacts read_facts(const File& file) { return read_facts(file.path, file.header, locate(file.path, {})); }

PoolSizes all_rows(const FileFacts& facts, TestFrom test_from, double test_part) {
  if (has_own_test(facts, test_from)) return {.train = facts.train_rows, .test = facts.test_rows};
  const Index held = held_out_count(facts.train_rows, test_part);
  return {.train = facts.train_rows - held, .test = held};
}

PoolSizes rows_of(const FileFacts& facts, TestFrom test_from, double test_part, double label) {
  const Index all = count_of(facts.train_count, label);
  if (has_own_test(facts, test_from)) return {.train = all, .test = count_of(facts.test_count, label)};
  const auto places = facts.held_out_places.find(label);
  if (places == facts.held_out_places.end()) return {};
  const Index held = std::ranges::lower_bound(places->second, held_out_count(facts.train_rows, test_part), {},
                                              [](std::uint32_t place) { return static_cast<Index>(place); }) -
                     places->second.begin();
  return {.train = all - held, .test = held};
}

}  // namespace fieldscan::data
