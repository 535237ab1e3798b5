#include "fieldscan/data/input/file.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "../file/read.hpp"

namespace fieldscan::data {
const FileFacts* File::known() const {
  return facts && facts->path == path && facts->header == header ? facts.get() : nullptr;
}

int File::dimension() const { return known() ? known()->dimension : read_facts(*this).dimension; }

std::string File::content_key() const {
  if (known()) return known()->content;
  return path.empty() ? "none" : read_facts(*this).content;
}

std::optional<PoolSizes> File::known_sizes(TestFrom test_from) const {
  if (!known()) return std::nullopt;
  if (classes.empty()) return all_rows(*known(), test_from, test_part);
  PoolSizes sizes;
  for (const int label : classes) {
    const PoolSizes some = rows_of(*known(), test_from, test_part, label);
    sizes.train += some.train;
    sizes.test += some.test;
  }
  return sizes;
}

std::optional<std::vector<double>> File::known_classes(TestFrom test_from) const {
  if (classes.size() == 2 || one_vs_rest) return std::vector<double>{-1, 1};
  if (!classes.empty()) return std::vector<double>(classes.begin(), classes.end());
  if (!known()) return std::nullopt;
  std::set<double> labels;
  const auto add = [&](const auto& counts) {
    for (const auto& [label, rows] : counts) labels.insert(label);
  };
  add(known()->train_count);
  if (known()->has_test && test_from != TestFrom::pool) add(known()->test_count);
  return std::vector<double>(labels.begin(), labels.end());
}

bool File::has_whole_labels() const {
  if (!known()) return true;
  Index whole = 0;
  for (const auto& [label, rows] : known()->train_count) whole += rows;
  return whole == known()->train_rows;
}

std::optional<Index> File::known_rows(TestFrom test_from, double label) const {
  if (!known()) return std::nullopt;
  return rows_of(*known(), test_from, test_part, label).train;
}

std::optional<std::string> File::problem() const {
  auto sorted = classes;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) return "`classes` names a label twice";
  if (classes.size() == 1) return "`classes` has one label (nothing to tell apart); give two, or none for all";
  if (one_vs_rest && !classes.empty() && !std::binary_search(sorted.begin(), sorted.end(), *one_vs_rest))
    return "`one_vs_rest` is none of the `classes`";
  if (one_vs_rest && classes.size() == 2) return "`one_vs_rest` and two `classes` both set the labels; leave one out";
  return std::nullopt;
}

bool File::operator==(const File& other) const {
  const auto key = [](const File& f) {
    return std::tie(f.path, f.classes, f.one_vs_rest, f.centred, f.scaling, f.test_part, f.header);
  };
  return key(*this) == key(other);
}

}  // namespace fieldscan::data
