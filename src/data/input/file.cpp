#include "fieldscan/data/input/file.hpp"

#include <algorithm>
#include <tuple>

#include "../file/read.hpp"

namespace fieldscan::data {
namespace {

// What was found belongs to the path it was found at.
bool has_facts(const File& file) { return file.facts && file.facts->path == file.path; }

}  // namespace

int File::dimension() const { return has_facts(*this) ? facts->dimension : read_dimension(path); }

std::string File::content_key() const {
  if (has_facts(*this)) return facts->content;
  return path.empty() ? "none" : read_facts(path).content;
}

std::optional<PoolSizes> File::known_sizes() const {
  if (!has_facts(*this) || !facts->has_test) return std::nullopt;
  const auto rows = [this](const std::map<double, Index>& counts) {
    Index sum = 0;
    for (const auto& [label, count] : counts)
      if (classes.empty() || std::find(classes.begin(), classes.end(), label) != classes.end()) sum += count;
    return sum;
  };
  return PoolSizes{.train = rows(facts->train_count), .test = rows(facts->test_count)};
}

std::optional<std::string> File::problem() const {
  auto sorted = classes;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) return "`classes` names a label twice";
  if (classes.size() == 1) return "`classes` has one label (nothing to tell apart); give two, or none for all";
  if (classes.size() > 2 && !one_vs_rest)
    return "`classes` has more than two labels (their numbers would be the target); give two, or `one_vs_rest`";
  if (one_vs_rest && !classes.empty() && !std::binary_search(sorted.begin(), sorted.end(), *one_vs_rest))
    return "`one_vs_rest` is none of the `classes`";
  if (one_vs_rest && classes.size() == 2) return "`one_vs_rest` and two `classes` both set the labels; leave one out";
  return std::nullopt;
}

bool File::operator==(const File& other) const {
  const auto key = [](const File& f) {
    return std::tie(f.path, f.classes, f.one_vs_rest, f.centred, f.scaling, f.test_part);
  };
  return key(*this) == key(other);
}

}  // namespace fieldscan::data
