#include "fieldscan/data/target/file_labels.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "fieldscan/core/error.hpp"
#include "fieldscan/data/domain.hpp"

namespace fieldscan::data {

namespace labels_of_file {
namespace {

/// The labels of both parts of a pool, in the order of the outputs.
std::vector<double> classes_of(const File& file, const Pool& pool) {
  if (file.classes.size() > 2 && !file.one_vs_rest) return {file.classes.begin(), file.classes.end()};
  std::set<double> labels(pool.train.label.begin(), pool.train.label.end());
  labels.insert(pool.test.label.begin(), pool.test.label.end());
  const bool signs = file.classes.size() == 2 || file.one_vs_rest;
  if (!signs && std::ranges::any_of(labels, [](double label) { return !(label >= 0 && label == std::floor(label)); }))
    throw EnvironmentError(
        fmt::format("{}: {} have one output per class, and some labels of the file are no whole numbers from 0; leave "
                    "out `coding`, or name `classes`",
                    file.path, FileLabels::kind));
  if (labels.size() < 2)
    throw EnvironmentError(fmt::format("{}: all labels are equal, there are no classes to tell apart", file.path));
  return {labels.begin(), labels.end()};
}

}  // namespace
}  // namespace labels_of_file

Values FileLabels::Function::operator()(const Examples& examples) const {
  const Vector& label = examples.file_label;
  assert(label.size() == examples.x.rows() && "labels come with a file");
  Values values{.total = label, .modes = Matrix(label.size(), 0)};
  if (classes.empty()) return values;
  const auto outputs = static_cast<Index>(classes.size());
  values.total.resize(label.size(), outputs);
  for (Index c = 0; c < outputs; ++c)
    values.total.col(c) =
        (label.array() == classes[static_cast<std::size_t>(c)]).cast<double>() - 1 / static_cast<double>(outputs);
  return values;
}

FileLabels::Function FileLabels::function(const Domain& domain, const TargetKey&) const {
  if (coding == Coding::number) return {};
  assert(domain.pool && "labels come with a file");
  return {labels_of_file::classes_of(std::get<File>(domain.input), *domain.pool)};
}

}  // namespace fieldscan::data
