#include "fieldscan/network/activation/list.hpp"

#include "quadrature.hpp"

namespace fieldscan::network {

namespace {

template <Activation A>
ValueAndDerivative both_of(const A& activation) {
  return [&activation](std::span<const double> z, std::span<double> out, std::span<double> derivative) {
    activation.value_and_derivative(z, out, derivative);
  };
}

}  // namespace

static_assert([]<class... A>(std::type_identity<std::variant<A...>>) {
  return (Activation<A> && ...);
}(std::type_identity<VariantOf<ActivationChoice>>{}));

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
  return std::visit(
      [&]<class A>(const A& member) {
        if constexpr (GivesAverages<A>)
          return member.average(a, b, c);
        else
          return quadrature_average(both_of(member), a, b, c);
      },
      activation);
}

GaussianAverage average_equal(const ActivationChoice& activation, double a) {
  return std::visit(
      [&]<class A>(const A& member) {
        if constexpr (GivesAverages<A>)
          return member.average_equal(a);
        else
          return quadrature_average(both_of(member), a, a, a);
      },
      activation);
}

void averages(const ActivationChoice& activation, std::span<const double> a, std::span<const double> b,
              std::span<const double> c, std::span<double> out, std::span<double> derivative) {
  std::visit(
      [&]<class A>(const A& member) {
        if constexpr (GivesAverages<A>)
          member.averages(a, b, c, out, derivative);
        else
          quadrature_averages(both_of(member), a, b, c, out, derivative);
      },
      activation);
}

void averages_value(const ActivationChoice& activation, std::span<const double> a, std::span<const double> b,
                    std::span<const double> c, std::span<double> out, std::span<double> scratch) {
  std::visit(
      [&]<class A>(const A& member) {
        if constexpr (requires { member.values(a, b, c, out); })
          member.values(a, b, c, out);
        else if constexpr (GivesAverages<A>)
          member.averages(a, b, c, out, scratch);
        else
          quadrature_averages(both_of(member), a, b, c, out, scratch);
      },
      activation);
}

double seconds_per_average(const ActivationChoice& activation, double variance, Norms norms) {
  return std::visit(
      [&]<class A>(const A& member) {
        if constexpr (requires { member.seconds_per_average(variance, norms); })
          return member.seconds_per_average(variance, norms);
        else if constexpr (GivesAverages<A>)
          return 8e-9;
        else
          return quadrature_seconds(variance, norms);
      },
      activation);
}

bool is_rectifier(const ActivationChoice& activation) {
  return std::visit(
      []<class A>(const A&) {
        return requires { requires A::rectifier; };
      },
      activation);
}

std::vector<ActivationChoice> parts_of(const ActivationChoice& activation) {
  const auto* combination = std::get_if<Combination>(&activation);
  if (!combination) return {activation};
  std::vector<ActivationChoice> parts;
  for (const PartChoice& part : combination->of) std::visit([&](const auto& one) { parts.emplace_back(one); }, part);
  return parts;
}

}  // namespace fieldscan::network

template struct fieldscan::OneOf<fieldscan::network::ActivationList>;
template struct fieldscan::OneOf<fieldscan::network::PartList>;
