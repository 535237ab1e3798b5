#include "fieldscan/data/target/list.hpp"

#include "fieldscan/data/domain.hpp"

namespace fieldscan::data {

static_assert(Target<Linear> && Target<Hermite> && Target<Gegenbauer> && Target<TeacherNetwork>);
static_assert(Target<Parity> && Target<Staircase> && Target<FileLabels> && Target<Random>);
static_assert(Target<ModularSum> && Target<Several>);

TargetFunction make_function(const TargetChoice& target, const Domain& domain, const TargetKey& key) {
  return std::visit([&](const auto& member) -> TargetFunction { return member.function(domain, key); }, target);
}

Values evaluate(const TargetFunction& function, const Examples& examples) {
  return std::visit([&](const auto& f) { return f(examples); }, function);
}

std::vector<double> mode_numbers(const TargetChoice& target) {
  return std::visit([](const auto& member) { return member.mode_numbers(); }, target);
}

std::vector<double> mode_numbers(const TargetChoice& target, const InputChoice& input) {
  const auto* sum = std::get_if<ModularSum>(&target);
  if (!sum) return mode_numbers(target);
  const auto* pairs = std::get_if<ModularPairs>(&input);
  return pairs ? sum->mode_numbers(*pairs) : std::vector<double>{};
}

Matrix directions(const TargetFunction& function, Index dimension) {
  return std::visit(
      [&]<class F>(const F& f) -> Matrix {
        if constexpr (requires { f.direction; })
          return f.direction.transpose();
        else if constexpr (requires { f.weight; })
          return f.weight.normalized().transpose();
        else if constexpr (requires { f.unit_directions(); })
          return f.unit_directions();
        else
          return Matrix(0, dimension);
      },
      function);
}

Units hidden_units(const TargetFunction& function) {
  const auto* teacher = std::get_if<TeacherNetwork::Function>(&function);
  const bool has_units = teacher && teacher->network.depth() == 1 && teacher->network.outputs() == 1;
  return has_units ? teacher->units() : Units{};
}

int direction_count(const TargetChoice& target) {
  return std::visit(
      []<class T>(const T& t) -> int {
        if constexpr (std::is_same_v<T, TeacherNetwork>)
          return t.width;
        else if constexpr (
            requires(const typename T::Function& f) { f.direction; } ||
            requires(const typename T::Function& f) { f.weight; })
          return 1;
        else
          return 0;
      },
      target);
}

}  // namespace fieldscan::data

template struct fieldscan::OneOf<fieldscan::data::TargetList>;
