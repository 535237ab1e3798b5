#include "fieldscan/theory/predict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "fieldscan/core/canonical.hpp"
#include "fieldscan/core/error.hpp"

namespace fieldscan::theory {

namespace {

/// A theory given a draw that may be asked for its average over data instead.
template <class T>
concept Averages = requires(const T& theory) {
  theory.given_to();
};

template <class T>
constexpr Given given_of_one(const T& theory) {
  if constexpr (Averages<T>)
    return theory.given_to();
  else
    return T::given;
}

/// The fields of the data that a draw's training and test set depend on.
data::Spec data_given(data::Spec spec) {
  // The validation set has a stream of its own; of a file it takes rows that training then lacks.
  if (!std::holds_alternative<data::File>(spec.input)) spec.validation_size = 0;
  return spec;
}

/// Predictions are finite numbers: what is not, says where it arose. Beyond its stability limit a descent diverges, which is a result.
void require_finite(const Result& result, std::string_view theory) {
  const auto fail = [&](Observable observable, double time) {
    throw NumericalError(
        fmt::format("{} gives {} that is not finite{}: the variances, the ridge, χ or the depth of the "
                    "network lead beyond the range of double precision",
                    theory, info(observable).name, std::isinf(time) ? "" : fmt::format(" at time {:.4g}", time)));
  };
  for (const Row& row : result.rows)
    if (!std::isfinite(row.value) || !std::isfinite(row.standard_error)) fail(row.observable, row.time);
  for (const Array& array : result.arrays)
    if (!std::ranges::all_of(array.data, [](double v) { return std::isfinite(v); })) fail(array.observable, array.time);
}

/// `make` gives the draw, and is called only by theories that need it and apply.
template <Theory T, class Make>
Result predict_one(const T& theory, const Setting& setting, std::int64_t draw, Make&& make) {
  Result result;
  if (const Applicability a = theory.applicability(setting); !a.applies) {
    result.outcome = Outcome::not_applicable;
    result.reason = std::string(T::kind) + " is not applicable, because " + a.because;
    if (given_of_one(theory) == Given::draw) result.data_draw = draw;
    return result;
  }
  if constexpr (T::given == Given::draw) {
    if (given_of_one(theory) == Given::draw) {
      result = theory.predict(theory.inputs(setting), make());
      require_finite(result, T::kind);
      result.data_draw = draw;
      return result;
    }
  }
  if constexpr (T::given == Given::nothing || Averages<T>) result = theory.predict(theory.inputs(setting));
  require_finite(result, T::kind);
  return result;
}

}  // namespace

Given given_of(const TheoryChoice& theory) {
  return std::visit([](const auto& t) { return given_of_one(t); }, theory);
}

std::vector<Observable> observables_of(const TheoryChoice& theory) {
  return std::visit([](const auto& t) { return std::vector<Observable>(t.observables.begin(), t.observables.end()); },
                    theory);
}

std::optional<KernelKind> kernel_of(const TheoryChoice& theory, const Setting& setting) {
  return std::visit(
      [&]<class T>(const T& t) -> std::optional<KernelKind> {
        if constexpr (requires { T::describes; })
          return T::describes;
        else if constexpr (requires { kernel_of(t.kernel, setting); })
          return kernel_of(t.kernel, setting);
        else
          return std::nullopt;
      },
      theory);
}

bool follows_trainer(const TheoryChoice& theory) {
  return std::visit(
      [](const auto& t) {
        if constexpr (requires { t.kernel == KernelChoice::automatic; })
          return t.kernel == KernelChoice::automatic;
        else
          return false;
      },
      theory);
}

Applicability applicability(const TheoryChoice& theory, const Setting& setting) {
  return std::visit([&](const auto& t) { return t.applicability(setting); }, theory);
}

std::string prediction_text(const TheoryChoice& theory, const Setting& setting) {
  return std::visit(
      [&]<class T>(const T& t) {
        std::string text = canonical_text("theory", theory);
        if (const Applicability a = t.applicability(setting); !a.applies)
          return text + "not_applicable=" + a.because + "\n";
        append_canonical(text, "inputs", t.inputs(setting));
        if (given_of_one(t) == Given::draw) {
          append_canonical(text, "data", data_given(setting.data));
          append_canonical(text, "seed", static_cast<std::int64_t>(setting.seed));
        }
        return text;
      },
      theory);
}

Result predict(const TheoryChoice& theory, const Setting& setting, std::int64_t draw) {
  return std::visit(
      [&](const auto& t) {
        return predict_one(t, setting, draw, [&] { return data::make_draw(setting.data, setting.seed, draw); });
      },
      theory);
}

Result predict(const TheoryChoice& theory, const Setting& setting, std::int64_t draw, const data::Draw& data) {
  return std::visit(
      [&](const auto& t) { return predict_one(t, setting, draw, [&]() -> const data::Draw& { return data; }); },
      theory);
}

}  // namespace fieldscan::theory
