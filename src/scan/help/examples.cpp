#include "examples.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "fieldscan/core/text.hpp"

namespace fieldscan::scan {
namespace {

/// What is written for a field that is required, where its type alone would give no sense.
struct Sample {
  std::string_view field, text;
};
constexpr std::array samples{
    Sample{"levels", "{1: 0.8, 3: 0.2}"},
    Sample{"coefficients", "[0, 1, 0, 0.5]"},
    Sample{"modulus", "97"},
    Sample{"path", "data/measurements.csv"},
};
/// The same of one kind.
struct OfKind {
  std::string_view kind, field, text;
};
constexpr std::array samples_of_kinds{
    OfKind{"several", "of", "[linear, {kind: gegenbauer, levels: {3: 1}}]"},
    OfKind{"combination", "of", "[tanh, linear]"},
    OfKind{"combination", "weights", "[1, -0.7295]"},
};

/// What a kind needs of several that it may have.
constexpr std::array lengths{
    Sample{"gradient_descent", "time: 10"},
    Sample{"sgd", "epochs: 20"},
    Sample{"adam", "epochs: 20"},
};

std::string sample_of(std::string_view kind, const FieldInfo& field) {
  const auto own = std::ranges::find_if(
      samples_of_kinds, [&](const OfKind& sample) { return sample.kind == kind && sample.field == field.name; });
  if (own != samples_of_kinds.end()) return std::string(own->text);
  const auto known = std::ranges::find(samples, field.name, &Sample::field);
  if (known != samples.end()) return std::string(known->text);
  const Schema& schema = field.schema;
  if (!schema.words.empty()) return std::string(schema.words.front());
  if (schema.is_choice()) return std::string(schema.kinds.front().kind);
  if (schema.type == Type::choices) return fmt::format("[{}]", schema.element.front().kinds.front().kind);
  const double number = field.range.contains(8) ? 8 : field.range.contains(0.5) ? 0.5 : field.range.low;
  const bool list = schema.type == Type::integers || schema.type == Type::long_integers || schema.type == Type::numbers;
  return list ? fmt::format("[{}]", shortest(number)) : shortest(number);
}

/// Whether a field's default is one number or word that can be written down.
bool has_plain_default(const FieldInfo& field) {
  switch (field.schema.type) {
    case Type::boolean:
    case Type::integer:
    case Type::long_integer:
    case Type::number:
    case Type::word:
    case Type::integer_or_word:
    case Type::number_or_word:
      return !field.default_text.empty();
    default:
      return false;
  }
}

struct StatementExample {
  std::string_view section, kind, text;
};
constexpr std::array statement_examples{
    StatementExample{"test", "agreement", "{kind: agreement, of: error_test, with: nngp, within: 3%}"},
    StatementExample{"test", "chi2", "{kind: chi2, of: error_test, with: nngp, versus: width}"},
    StatementExample{"test", "power_law",
                     "{kind: power_law, of: deviation(nngp), versus: width, expect: -1, within: 0.2}"},
    StatementExample{"test", "scaling_law",
                     "{kind: scaling_law, of: error_test, versus: [width, train_size], expect: [-1, -1], within: 0.2}"},
    StatementExample{"test", "collapse",
                     "{kind: collapse, of: error_test, versus: train_size/width, over: width, within: 10%}"},
    StatementExample{"test", "bound", "{kind: bound, of: error_test, below: 0.1}"},
    StatementExample{"test", "monotone", "{kind: monotone, of: error_test, versus: train_size, direction: down}"},
    StatementExample{"test", "linear", "{kind: linear, of: error_test, versus: 1/width, within: 5%}"},
    StatementExample{"test", "conservation", "{kind: conservation, of: kernel_change, within: 10%}"},
    StatementExample{"figure", "curves",
                     "{plot: error_test, versus: width, by: train_size, with: [nngp], scale: log-log}"},
    StatementExample{"figure", "map", "{plot: error_test, versus: [width, train_size], style: map}"},
    StatementExample{"figure", "histogram", "{plot: error_test, by: width, style: histogram}"},
    StatementExample{"figure", "regions",
                     "{plot: error_test, versus: [width, train_size], with: [nngp], within: 10%, style: regions}"},
};

}  // namespace

std::string example_of(std::string_view path, const KindInfo& kind) {
  constexpr std::size_t most_optional = 2;
  std::vector<std::string> parts;
  std::size_t optional = 0;
  for (const FieldInfo& field : kind.fields) {
    if (field.presence == Presence::required)
      parts.push_back(fmt::format("{}: {}", field.name, sample_of(kind.kind, field)));
    else if (has_plain_default(field) && optional++ < most_optional)
      parts.push_back(fmt::format("{}: {}", field.name, field.default_text));
  }
  const auto length = std::ranges::find(lengths, kind.kind, &Sample::field);
  if (length != lengths.end()) parts.emplace_back(length->text);
  const std::string_view key = path.substr(path.rfind('.') + 1);
  const std::string text =
      parts.empty() ? std::string(kind.kind) : fmt::format("{{kind: {}, {}}}", kind.kind, fmt::join(parts, ", "));
  return key == "theory" ? fmt::format("theory: [{}]", text) : fmt::format("{}: {}", key, text);
}

std::string_view statement_example(std::string_view section, std::string_view kind) {
  const auto found = std::ranges::find_if(
      statement_examples, [&](const StatementExample& e) { return e.section == section && e.kind == kind; });
  return found == statement_examples.end() ? std::string_view() : found->text;
}

}  // namespace fieldscan::scan
