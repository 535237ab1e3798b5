#include "fieldscan/network/spec.hpp"

#include <fmt/format.h>

namespace fieldscan::network {
namespace {

template <class Number>
std::optional<std::string> length_problem(std::string_view name, const PerLayer<Number>& list, int depth) {
  if (list.is_one() || list.values.size() == static_cast<std::size_t>(depth)) return std::nullopt;
  return fmt::format("{} lists {} values, but the depth is {}; give one number, or one per hidden layer", name,
                     list.values.size(), depth);
}

}  // namespace

std::optional<std::string> Spec::problem() const {
  if (auto text = length_problem("width", width, depth)) return text;
  if (auto text = length_problem("weight_variance", weight_variance, depth)) return text;
  return length_problem("bias_variance", bias_variance, depth);
}

int width_of(const Spec& spec, int layer) { return spec.width.at(static_cast<std::size_t>(layer)); }

int last_width(const Spec& spec) { return width_of(spec, spec.depth - 1); }

}  // namespace fieldscan::network
