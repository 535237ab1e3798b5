#include "fieldscan/network/activation/list.hpp"

namespace fieldscan::network {

static_assert([]<class... A>(std::type_identity<std::variant<A...>>) {
  return (Activation<A> && ...);
}(std::type_identity<ActivationChoice>{}));

void value(const ActivationChoice& activation, std::span<const double> z, std::span<double> out) {
  std::visit([&](const auto& a) { a.value(z, out); }, activation);
}

void value_and_derivative(const ActivationChoice& activation, std::span<const double> z, std::span<double> out,
                          std::span<double> derivative) {
  std::visit([&](const auto& a) { a.value_and_derivative(z, out, derivative); }, activation);
}

void value_and_derivative(const ActivationChoice& activation, std::span<const float> z, std::span<float> out,
                          std::span<float> derivative) {
  std::visit([&](const auto& a) { a.value_and_derivative(z, out, derivative); }, activation);
}

GaussianAverage average(const ActivationChoice& activation, double a, double b, double c) {
  return std::visit([&](const auto& member) { return member.average(a, b, c); }, activation);
}

GaussianAverage average_equal(const ActivationChoice& activation, double a) {
  return std::visit([&](const auto& member) { return member.average_equal(a); }, activation);
}

void averages(const ActivationChoice& activation, std::span<const double> a, std::span<const double> b,
              std::span<const double> c, std::span<double> out, std::span<double> derivative) {
  std::visit([&](const auto& member) { member.averages(a, b, c, out, derivative); }, activation);
}

void averages_value(const ActivationChoice& activation, std::span<const double> a, std::span<const double> b,
                    std::span<const double> c, std::span<double> out, std::span<double> scratch) {
  std::visit(
      [&](const auto& member) {
        if constexpr (requires { member.values(a, b, c, out); })
          member.values(a, b, c, out);
        else
          member.averages(a, b, c, out, scratch);
      },
      activation);
}

}  // namespace fieldscan::network
