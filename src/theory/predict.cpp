#include "fieldscan/theory/predict.hpp"

#include "fieldscan/theory/error_source.hpp"
#include "fieldscan/theory/iterates.hpp"
#include "fieldscan/theory/kernel_choice.hpp"
#include "fieldscan/theory/list.hpp"
#include "fieldscan/theory/predict_kept.hpp"
#include "one_theory.hpp"

namespace fieldscan::theory {

Given given_of(const AnyTheory& theory) {
  return std::visit([](const auto& t) { return given_of_one(t); }, choice_of(theory));
}

std::vector<Observable> observables_of(const AnyTheory& theory) {
  return std::visit(
      [](const auto& t) {
        std::vector<Observable> out(t.observables.begin(), t.observables.end());
        if constexpr (requires { t.gives(out.front()); })
          std::erase_if(out, [&](Observable observable) { return !t.gives(observable); });
        return out;
      },
      choice_of(theory));
}

bool iterates(const AnyTheory& theory, const Setting& setting) {
  const std::vector<Observable> given = observables_of(theory);
  if (std::ranges::find(given, listed("solver_residual")) == given.end()) return false;
  return std::visit(
      [&](const auto& t) {
        if constexpr (requires { t.iterates(setting); })
          return t.iterates(setting);
        else
          return true;
      },
      choice_of(theory));
}

std::string error_source(const AnyTheory& theory, const Setting& setting) {
  return std::visit(
      [&](const auto& t) -> std::string {
        if constexpr (requires { t.error_source(setting); })
          return t.error_source(setting);
        else
          return "";
      },
      choice_of(theory));
}

std::vector<std::pair<std::string, std::string>> options_of(const AnyTheory& theory) {
  return std::visit(
      []<class T>(const T& t) {
        std::vector<std::pair<std::string, std::string>> out;
        const T defaults{};
        for_each_field<T>([&](const auto& f) {
          if (t.*(f.member) == defaults.*(f.member)) return;
          std::string line;  // "solver=conjugate_gradients\n"
          append_canonical(line, std::string(f.name), t.*(f.member));
          out.emplace_back(f.name, line.substr(f.name.size() + 1, line.find('\n') - f.name.size() - 1));
        });
        return out;
      },
      choice_of(theory));
}

std::optional<KernelKind> kernel_of(const AnyTheory& theory, const Setting& setting) {
  return std::visit(
      [&]<class T>(const T& t) -> std::optional<KernelKind> {
        if constexpr (requires { T::describes; })
          return T::describes;
        else if constexpr (requires { kernel_of(t.kernel, setting); })
          return kernel_of(t.kernel, setting);
        else
          return std::nullopt;
      },
      choice_of(theory));
}

bool follows_trainer(const AnyTheory& theory) {
  return std::visit(
      [](const auto& t) {
        if constexpr (requires { t.kernel == KernelChoice::automatic; })
          return t.kernel == KernelChoice::automatic;
        else
          return false;
      },
      choice_of(theory));
}

Applicability applicability(const AnyTheory& theory, const Setting& setting) {
  return std::visit([&](const auto& t) { return applicability_of_one(t, setting); }, choice_of(theory));
}

Cost cost_of(const AnyTheory& theory, const Setting& setting) {
  return std::visit([&](const auto& t) { return cost_of_one(t, setting); }, choice_of(theory));
}

std::string prediction_text(const AnyTheory& theory, const Setting& setting) {
  return std::visit([&](const auto& t) { return prediction_text_of_one(t, setting); }, choice_of(theory));
}

Result predict(const AnyTheory& theory, const Setting& setting, Number number) {
  return std::visit(
      [&](const auto& t) {
        return predict_one(t, setting, number,
                           [&] { return data::make_draw(setting.data, setting.seed, number.draw); });
      },
      choice_of(theory));
}

Result predict(const AnyTheory& theory, const Setting& setting, Number number, const data::Draw& data) {
  return predict(theory, setting, number, data, nullptr);
}

Result predict(const AnyTheory& theory, const Setting& setting, Number number, const data::Draw& data,
               KeptKernels* kept) {
  return std::visit(
      [&](const auto& t) {
        return predict_one(
            t, setting, number, [&]() -> const data::Draw& { return data; }, kept);
      },
      choice_of(theory));
}

double kept_bytes(const AnyTheory& theory, const Setting& setting) {
  const double points = data::train_points(setting.data), test = data::test_points(setting.data);
  return std::visit(
      [&]<class T>(const T&) {
        if constexpr (KeepsKernels<T>)
          return points < most_kept_points ? kernel_bytes(points, points + 2 * test) : 0.0;
        else
          return 0.0;
      },
      choice_of(theory));
}

std::vector<About> all_theories() {
  std::vector<About> list;
  for_each_kind<TheoryChoice>([&]<Theory T>() {
    const std::string_view nothing = "nothing (averaged over data)";
    list.push_back({.kind = T::kind,
                    .summary = T::summary,
                    .card = T::card,
                    .given = Averages<T>                  ? "the data draw, or nothing (averaged over data)"
                             : T::given == Given::nothing ? nothing
                             : T::given == Given::replica ? "the data draw and the network's initial weights"
                                                          : "the data draw",
                    .observables = {T::observables.begin(), T::observables.end()}});
  });
  return list;
}

}  // namespace fieldscan::theory
