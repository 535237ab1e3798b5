#include "axis_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace fieldscan::analysis {
namespace {

constexpr std::array axis_entries{
    AxisWord{"data.input.dim", "input dimension", "d"},
    AxisWord{"data.train_size", "training points", "P"},
    AxisWord{"network.width", "width", "N"},
    AxisWord{"network.depth", "hidden layers", "L"},
    AxisWord{"network.weight_variance", "weight variance", "σ_w²"},
    AxisWord{"network.bias_variance", "bias variance", "σ_b²"},
    AxisWord{"network.readout_variance", "readout variance", "σ_a²"},
    AxisWord{"network.chi", "feature-learning scale", "χ"},
    AxisWord{"ridge", "ridge", "κ"},
    AxisWord{"data.noise", "label noise", "σ"},
    AxisWord{"training.learning_rate", "learning rate", "η"},
    AxisWord{"training.step", "step", "ε"},
    AxisWord{"time", "time", "t"},
    AxisWord{"compute", "operations of one replica", ""},
    AxisWord{"batch_size", "batch size", ""},
    AxisWord{"error_train", "training error, mean", "(f − y)²"},
    AxisWord{"error_validation", "validation error, mean", "(f − y)²"},
    AxisWord{"error_test", "test error", "⟨(f − g)²⟩"},
    AxisWord{"error_mean_predictor", "error of the mean predictor", "⟨(f̄ − g)²⟩"},
    AxisWord{"error_ensemble", "error of the mean of networks", ""},
    AxisWord{"bias2", "bias²", ""},
    AxisWord{"variance_data", "variance over data", ""},
    AxisWord{"variance_init", "variance over initialisations", ""},
    AxisWord{"variance_posterior", "posterior variance of f", ""},
    AxisWord{"loss_train", "loss", "½ Σ"},
    AxisWord{"output_size", "size of the output", "⟨f²⟩"},
    AxisWord{"kernel_scale", "scale of the kernel", ""},
    AxisWord{"kernel_change", "change of the kernel", "‖K_t − K_0‖_F/‖K_0‖_F"},
    AxisWord{"alignment", "alignment of kernel and labels", ""},
    AxisWord{"spectrum", "eigenvalues of the kernel / P", ""},
    AxisWord{"ntk_top", "largest eigenvalue of", "Θ/χ"},
    AxisWord{"hessian_top", "largest eigenvalue of the Hessian", ""},
    AxisWord{"overlap", "overlap", "m"},
    AxisWord{"kappa_eff", "renormalised ridge", ""},
    AxisWord{"solver_residual", "residual of the solved equations", ""},
    AxisWord{"start_difference", "difference between solutions", ""},
    AxisWord{"solver_error", "error of integration in time", ""},
    AxisWord{"predictor_error", "Monte Carlo error of the predictor", ""},
    AxisWord{"error_after_kernel", "error of regression with the network’s kernel", ""},
};

bool is_name_letter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.'; }

/// The entry of a name: a full path, or its last part.
const AxisWord* entry_of(std::string_view name) {
  const auto same = [&](const AxisWord& entry) {
    return entry.name == name || (entry.name.ends_with(name) && entry.name[entry.name.size() - name.size() - 1] == '.');
  };
  const auto entry =
      std::ranges::find_if(axis_entries, [&](const AxisWord& e) { return e.name.size() >= name.size() && same(e); });
  return entry == axis_entries.end() ? nullptr : &*entry;
}

std::string entry_words(const AxisWord& entry) {
  std::string text(entry.words);
  if (!entry.symbol.empty()) text.append(" ").append(entry.symbol);
  return text;
}

/// Fields stand in expressions by their symbols, observables by their names: a path has a dot, or is the ridge or time.
bool is_field(const AxisWord& entry) {
  return entry.name.find('.') != std::string_view::npos || entry.name == "ridge" || entry.name == "time";
}

/// Powers as they are written: "^2" → "²".
void raise_powers(std::string& text) {
  for (const auto& [written, shown] : {std::pair{"^2", "²"}, std::pair{"^3", "³"}})
    for (auto at = text.find(written); at != std::string::npos; at = text.find(written, at + 1))
      if (at + 2 == text.size() || !is_name_letter(text[at + 2])) text.replace(at, 2, shown);
}

/// "nngp" of "deviation(nngp)"; empty where the formula is something else.
std::string_view argument_of(std::string_view formula, std::string_view function) {
  if (!formula.starts_with(function) || !formula.ends_with(')')) return {};
  const std::string_view inside = formula.substr(function.size(), formula.size() - function.size() - 1);
  return std::ranges::all_of(inside, is_name_letter) ? inside : std::string_view{};
}

}  // namespace

std::span<const AxisWord> axis_word_list() { return axis_entries; }

std::string axis_words(const std::string& formula) {
  if (const AxisWord* entry = entry_of(formula)) return entry_words(*entry);
  if (const auto theory = argument_of(formula, "deviation("); !theory.empty())
    return fmt::format("distance of the mean predictor from {}", theory);
  if (const auto members = argument_of(formula, "error_ensemble("); !members.empty())
    return fmt::format("error of the mean of {} networks", members);
  if (const auto dot = formula.find('.'); dot != std::string::npos && std::ranges::all_of(formula, is_name_letter))
    if (const AxisWord* entry = entry_of(formula.substr(dot + 1)); entry && !is_field(*entry))
      return fmt::format("{} of {}", entry_words(*entry), formula.substr(0, dot));
  std::string text;
  for (std::size_t k = 0; k < formula.size();) {
    std::size_t end = k;
    while (end < formula.size() && is_name_letter(formula[end])) ++end;
    if (end == k) {
      text += formula[k] == '*' ? "·" : std::string(1, formula[k]);
      ++k;
      continue;
    }
    const std::string name = formula.substr(k, end - k);
    const AxisWord* entry = end < formula.size() && formula[end] == '(' ? nullptr : entry_of(name);
    text += entry && is_field(*entry) ? std::string(entry->symbol) : name;
    k = end;
  }
  raise_powers(text);
  return text;
}

std::string short_value(const std::string& value) {
  double number = 0;
  const char *begin = value.data(), *end = begin + value.size();
  const bool is_number = std::from_chars(begin, end, number).ptr == end;
  return is_number && value.size() > 5 ? fmt::format("{:.3g}", number) : value;
}

std::string label_words(const std::string& label) {
  std::string text;
  for (std::size_t k = 0; k <= label.size();) {
    const std::size_t end = std::min(label.find(", ", k), label.size());
    const std::string part = label.substr(k, end - k);
    const auto equals = part.find(" = ");
    const AxisWord* entry = equals == std::string::npos ? nullptr : entry_of(part.substr(0, equals));
    if (!text.empty()) text += ", ";
    if (equals == std::string::npos)
      text += part;
    else
      text += (entry && !entry->symbol.empty() ? std::string(entry->symbol) : part.substr(0, equals)) + " = " +
              short_value(part.substr(equals + 3));
    k = end + 2;
  }
  return text;
}

}  // namespace fieldscan::analysis
