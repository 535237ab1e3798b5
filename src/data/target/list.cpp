#include "fieldscan/data/target/list.hpp"

#include "fieldscan/data/domain.hpp"

namespace fieldscan::data {

static_assert(Target<Linear> && Target<Hermite> && Target<Gegenbauer> && Target<TeacherNetwork>);
static_assert(Target<Parity> && Target<Staircase> && Target<FileLabels> && Target<Random>);

TargetFunction make_function(const TargetChoice& target, const Domain& domain, const TargetKey& key) {
  return std::visit([&](const auto& member) -> TargetFunction { return member.function(domain, key); }, target);
}

Values evaluate(const TargetFunction& function, const Examples& examples) {
  return std::visit([&](const auto& f) { return f(examples); }, function);
}

std::vector<double> mode_numbers(const TargetChoice& target) {
  return std::visit([](const auto& member) { return member.mode_numbers(); }, target);
}

}  // namespace fieldscan::data
