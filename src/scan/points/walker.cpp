#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../schema/decode.hpp"
#include "../schema/point_schema.hpp"
#include "../text/number.hpp"
#include "check_point.hpp"
#include "fieldscan/core/canonical.hpp"
#include "fieldscan/core/text.hpp"
#include "fieldscan/data/components.hpp"
#include "parsed.hpp"

namespace fieldscan::scan {
namespace {

const PointSpec default_spec;

std::string shown(const AxisValue& value) {
  if (const double* number = std::get_if<double>(&value)) return shortest(*number);
  return std::get<std::string>(value);
}

double evaluate(const Expression& expression, const std::vector<std::size_t>& slots,
                const std::vector<NamedValue>& names, Place place, const std::string& path) {
  std::array<double, 32> few;
  std::vector<double> many;
  std::span<double> values(few.data(), slots.size());
  if (slots.size() > few.size()) {
    many.resize(slots.size());
    values = many;
  }
  for (std::size_t k = 0; k < slots.size(); ++k) {
    const AxisValue& value = names[slots[k]].value;
    const Atom& atom = expression.atoms()[k];
    if (atom.arithmetic && std::holds_alternative<std::string>(value))
      throw PointFailure{"FS0404", place, path,
                         fmt::format("'{}' is the word '{}', not a number", atom.text, shown(value)),
                         "a word can only be compared with == or !="};
    values[k] = number_of(value);
  }
  try {
    return expression.evaluate(std::span<const double>(values));
  } catch (const ExpressionError& error) {
    if (place.line) place.column += static_cast<int>(error.offset());
    throw PointFailure{error.code().c_str(), place, path, error.what(), error.help()};
  }
}

}  // namespace

void* Route::find(PointSpec& spec) const {
  void* value = &spec;
  for (const FieldInfo* step : steps) {
    value = step->at(value);
    if (step != steps.back() && step->schema.is_choice()) value = step->schema.member(value);
  }
  return value;
}

std::optional<Route> route_to(std::string_view path, PointSpec& spec) {
  Route route;
  Fields level = fields_of(point_schema(), &spec);
  while (level.fields) {
    const auto dot = path.find('.');
    const auto found = std::ranges::find(*level.fields, path.substr(0, dot), &FieldInfo::name);
    if (found == level.fields->end()) return std::nullopt;
    route.steps.push_back(&*found);
    if (dot == std::string_view::npos) return route;
    level = fields_of(found->schema, found->at(level.object));
    path.remove_prefix(dot + 1);
  }
  return std::nullopt;
}

std::string section_text(const PointSpec& spec, std::size_t section) {
  switch (section) {
    case 0:
      return sorted_lines(data::identity_lines(spec.data));
    case 1:
      return sorted_lines(canonical_text("network", spec.network));
    case 2:
      return spec.precision == default_spec.precision ? "" : canonical_text("precision", spec.precision);
    case 3:
      return spec.ridge == default_spec.ridge ? "" : canonical_text("ridge", spec.ridge);
    case 4:
      return spec.seed == default_spec.seed ? "" : canonical_text("seed", spec.seed);
    default:
      return sorted_lines(canonical_text("training", spec.training));
  }
}

std::uint64_t combinations(const Block& block) {
  std::uint64_t product = 1;
  for (const auto size : block.sizes) product *= size;
  return product;
}

Walker::Walker(const Block& block, std::size_t number) : block_(block) {
  point_.block = number;
  point_.ensemble = block.ensemble;
  point_.theories = block.theories;
  point_.observe = block.plan;
  point_.positions.resize(block.axes.size());
}

void Walker::choose(std::uint64_t index) {
  std::array<std::uint32_t, 64> digits{};
  std::uint64_t rest = index, stride = 1;
  std::size_t number = 0;
  for (std::size_t d = block_.sizes.size(); d-- > 0;) {
    digits[d] = static_cast<std::uint32_t>(rest % block_.sizes[d]);
    rest /= block_.sizes[d];
    if (!block_.structural[d]) continue;
    number += digits[d] * stride;
    stride *= block_.sizes[d];
  }
  for (std::size_t a = 0; a < block_.axes.size(); ++a) point_.positions[a] = digits[block_.axes[a].dimension];
  const Variant* variant = &block_.variants[number];
  if (variant == variant_) return;
  variant_ = variant;
  point_.spec = variant->spec;
  point_.names = variant->names;
  texts_ = variant->texts;
}

void Walker::write_axes() {
  for (const auto& write : variant_->writes) {
    const AxisValue& value = block_.axes[write.axis].entries[point_.positions[write.axis]].value;
    point_.names[write.target].value = value;
    if (!write.field) continue;
    const Schema& schema = write.field->schema;
    void* target = write.route.find(point_.spec);
    if (const double* numeric = std::get_if<double>(&value))
      write_number(schema, target, *numeric);
    else
      write_word(
          schema, target,
          static_cast<int>(std::ranges::find(schema.words, std::get<std::string>(value)) - schema.words.begin()));
  }
}

void Walker::run_program() {
  for (const auto& step : variant_->program) {
    const Deferred& what = step.what;
    double value = evaluate(what.expression, step.slots, point_.names, what.place, what.path);
    if (!std::isfinite(value))
      throw PointFailure{"FS0411", what.place, what.path,
                         fmt::format("'{}' is not a finite number", what.expression.text()), ""};
    value = round12(value);
    if (what.field) {
      if (what.field->schema.takes_integer() && !is_whole(value)) {
        roundings_.push_back({&what, value});
        value = round_half_up(value);
      }
      if (!fits(*what.field, value)) {
        const auto problem = value_problem(*what.field, value, shortest(value));
        throw PointFailure{problem->code, what.place, what.path, problem->message, problem->help};
      }
      write_number(what.field->schema, step.route.find(point_.spec), value, what.element);
    }
    if (step.target) point_.names[*step.target].value = value;
  }
}

bool Walker::go_to(std::uint64_t index) {
  point_.index = index;
  named_ = false;
  roundings_.clear();
  choose(index);
  write_axes();
  run_program();
  named_ = true;
  const auto& where = variant_->where;
  if (where && !(evaluate(where->expression, where->slots, point_.names, where->place, "where") != 0)) return false;
  check_point(point_.spec, *variant_);
  return true;
}

void Walker::identify() {
  text_.clear();
  for (std::size_t k = 0; k < section_count; ++k)
    text_ += variant_->changes[k] ? section_text(point_.spec, k) : texts_[k];
  point_.id = hash128(text_);
}

std::string Walker::where_text() const {
  std::string text;
  for (std::size_t a = 0; a < block_.axes.size(); ++a)
    text += fmt::format("{}{} = {}", a ? ", " : "", block_.axes[a].path, shown(point_.names[a].value));
  return text;
}

}  // namespace fieldscan::scan
