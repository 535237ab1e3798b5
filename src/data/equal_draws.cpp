#include "fieldscan/data/equal_draws.hpp"

#include <algorithm>

#include "fieldscan/data/draw.hpp"
#include "sources.hpp"

namespace fieldscan::data {
namespace {

template <class T>
bool is_redrawn(const T& target) {
  if constexpr (requires { target.draw == Redraw::each; })
    return target.draw == Redraw::each;
  else
    return false;
}
/// Labels of each example's own belong to the row of a file; of other inputs to the draw.
bool redrawn_labels(const TargetChoice& target, bool file) {
  const auto one = [&]<class T>(const T& member) { return std::is_same_v<T, Random> ? !file : is_redrawn(member); };
  if (const auto* several = std::get_if<Several>(&target))
    return std::ranges::any_of(several->of, [&](const PartChoice& part) { return std::visit(one, part); });
  return std::visit(one, target);
}

std::optional<PoolSizes> pool_of_file(const Spec& spec) {
  const auto* file = std::get_if<File>(&spec.input);
  return file ? file->known_sizes(spec.test_from) : std::nullopt;
}

}  // namespace

bool equal_training_rows(const Spec& spec) {
  if (!std::holds_alternative<File>(spec.input)) return is_enumerated(spec) && spec.train_size.is(TrainSizeWord::whole);
  const auto sizes = pool_of_file(spec);
  return sizes && !spec.train_size.is(TrainSizeWord::online) && train_points(spec) == sizes->train;
}

bool equal_targets(const Spec& spec) { return !redrawn_labels(spec.target, std::holds_alternative<File>(spec.input)); }

bool equal_training_sets(const Spec& spec) {
  if (spec.noise != 0 || spec.labels == Labels::shuffled || !equal_targets(spec)) return false;
  return equal_training_rows(spec);
}

bool equal_test_sets(const Spec& spec) {
  if (!equal_targets(spec)) return false;
  if (spec.test_set == TestSet::shared || spec.test_size.is(TestSizeWord::exact)) return true;
  const auto sizes = pool_of_file(spec);
  return sizes && test_points(spec) == sizes->test;
}

bool equal_draws(const Spec& spec) { return equal_training_sets(spec) && equal_test_sets(spec); }

}  // namespace fieldscan::data
