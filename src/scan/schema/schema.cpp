#include "schema.hpp"

#include <fmt/format.h>

#include <cassert>
#include <map>

#include "fieldscan/core/text.hpp"

namespace fieldscan::scan {
namespace {

template <class T>
T& as(void* value) {
  return *static_cast<T*>(value);
}
template <class T>
const T& as(const void* value) {
  return *static_cast<const T*>(value);
}

template <class N>
std::optional<AxisValue> read_per_layer(const PerLayer<N>& value) {
  if (!value.is_one()) return std::nullopt;
  return AxisValue(static_cast<double>(value.values[0]));
}

template <class N>
void write_element(std::vector<N>& list, double number, int element) {
  list.at(static_cast<std::size_t>(element)) = static_cast<N>(number);
}

std::string prefixed(const std::string& prefix, std::string_view name) {
  return prefix.empty() ? std::string(name) : prefix + "." + std::string(name);
}

}  // namespace

bool Schema::takes_integer() const {
  return type == Type::integer || type == Type::long_integer || type == Type::integer_or_word ||
         type == Type::integer_per_layer || type == Type::optional_integer || type == Type::optional_long_integer ||
         type == Type::integers || type == Type::long_integers;
}

FieldInfo& add_field(std::vector<FieldInfo>& list, const FieldWords& words, std::ptrdiff_t offset) {
  list.push_back({words, offset});
  return list.back();
}
KindInfo& add_kind(std::vector<KindInfo>& list, std::string_view kind, std::string_view summary, int revision,
                   std::optional<std::string> (*problem)(const void*)) {
  list.push_back({kind, summary, revision, {}, problem});
  return list.back();
}

Fields fields_of(const Schema& schema, void* value) {
  if (schema.is_structure()) return {&schema.fields, value};
  if (schema.is_choice())
    return {&schema.kinds[static_cast<std::size_t>(schema.kind_index(value))].fields, schema.member(value)};
  return {};
}

Located locate(const Schema& schema, void* object, std::string_view path) {
  Fields level = fields_of(schema, object);
  while (level.fields) {
    const auto dot = path.find('.');
    const auto part = path.substr(0, dot);
    const FieldInfo* found = nullptr;
    for (const auto& field : *level.fields)
      if (field.name == part) found = &field;
    if (!found) return {};
    void* value = found->at(level.object);
    if (dot == std::string_view::npos) return {found, value};
    level = fields_of(found->schema, value);
    path.remove_prefix(dot + 1);
  }
  return {};
}

void for_each(const Schema& schema, void* object, const std::string& prefix,
              const std::function<void(const std::string&, const FieldInfo&, void*)>& visit) {
  const Fields level = fields_of(schema, object);
  if (!level.fields) return;
  for (const auto& field : *level.fields) {
    const std::string path = prefixed(prefix, field.name);
    void* value = field.at(level.object);
    visit(path, field, value);
    for_each(field.schema, value, path, visit);
  }
}

std::optional<AxisValue> read(const Schema& schema, const void* value) {
  switch (schema.type) {
    case Type::boolean:
      return AxisValue(as<bool>(value) ? 1.0 : 0.0);
    case Type::integer:
      return AxisValue(static_cast<double>(as<int>(value)));
    case Type::long_integer:
      return AxisValue(static_cast<double>(as<std::int64_t>(value)));
    case Type::number:
      return AxisValue(as<double>(value));
    case Type::text:
      return AxisValue(as<std::string>(value));
    case Type::word:
      return AxisValue(std::string(schema.words[static_cast<std::size_t>(schema.get_word(value))]));
    case Type::integer_or_word:
    case Type::number_or_word: {
      const int word = schema.get_word(value);
      if (word >= 0) return AxisValue(std::string(schema.words[static_cast<std::size_t>(word)]));
      return AxisValue(schema.get_number(value));
    }
    case Type::integer_per_layer:
      return read_per_layer(as<PerLayer<int>>(value));
    case Type::number_per_layer:
      return read_per_layer(as<PerLayer<double>>(value));
    case Type::optional_integer:
      if (const auto& v = as<std::optional<int>>(value)) return AxisValue(static_cast<double>(*v));
      return std::nullopt;
    case Type::optional_long_integer:
      if (const auto& v = as<std::optional<std::int64_t>>(value)) return AxisValue(static_cast<double>(*v));
      return std::nullopt;
    case Type::optional_number:
      if (const auto& v = as<std::optional<double>>(value)) return AxisValue(*v);
      return std::nullopt;
    case Type::choice:
      return AxisValue(std::string(schema.kinds[static_cast<std::size_t>(schema.kind_index(value))].kind));
    case Type::integers:
    case Type::long_integers:
    case Type::numbers:
    case Type::texts:
    case Type::integer_lists:
    case Type::powers:
    case Type::structure:
    case Type::choices:
      return std::nullopt;
  }
  return std::nullopt;
}

void write_number(const Schema& schema, void* value, double number, int element) {
  switch (schema.type) {
    case Type::boolean:
      as<bool>(value) = number != 0;
      break;
    case Type::integer:
      as<int>(value) = static_cast<int>(number);
      break;
    case Type::long_integer:
      as<std::int64_t>(value) = static_cast<std::int64_t>(number);
      break;
    case Type::number:
      as<double>(value) = number;
      break;
    case Type::integer_or_word:
    case Type::number_or_word:
      schema.set_number(value, number);
      break;
    case Type::integer_per_layer:
      if (element < 0)
        as<PerLayer<int>>(value) = PerLayer<int>(static_cast<int>(number));
      else
        write_element(as<PerLayer<int>>(value).values, number, element);
      break;
    case Type::number_per_layer:
      if (element < 0)
        as<PerLayer<double>>(value) = PerLayer<double>(number);
      else
        write_element(as<PerLayer<double>>(value).values, number, element);
      break;
    case Type::optional_integer:
      as<std::optional<int>>(value) = static_cast<int>(number);
      break;
    case Type::optional_long_integer:
      as<std::optional<std::int64_t>>(value) = static_cast<std::int64_t>(number);
      break;
    case Type::optional_number:
      as<std::optional<double>>(value) = number;
      break;
    case Type::integers:
      write_element(as<std::vector<int>>(value), number, element);
      break;
    case Type::long_integers:
      write_element(as<std::vector<std::int64_t>>(value), number, element);
      break;
    case Type::numbers:
      write_element(as<std::vector<double>>(value), number, element);
      break;
    case Type::powers:
      as<std::map<int, double>>(value)[element] = number;
      break;
    case Type::text:
    case Type::word:
    case Type::texts:
    case Type::integer_lists:
    case Type::structure:
    case Type::choice:
    case Type::choices:
      assert(false && "a number for a field that takes none");
      break;
  }
}

void write_word(const Schema& schema, void* value, int word) {
  assert(schema.set_word && "a word for a field that takes none");
  schema.set_word(value, word);
}

bool takes_number(const Schema& schema) {
  switch (schema.type) {
    case Type::boolean:
    case Type::integer:
    case Type::long_integer:
    case Type::number:
    case Type::integer_or_word:
    case Type::number_or_word:
    case Type::integer_per_layer:
    case Type::number_per_layer:
    case Type::optional_integer:
    case Type::optional_long_integer:
    case Type::optional_number:
      return true;
    default:
      return false;
  }
}

bool takes_word(const Schema& schema) { return schema.set_word != nullptr; }

std::optional<Problem> first_problem(const Schema& schema, void* object, const std::string& path) {
  const auto ask = [&]() -> std::optional<std::string> {
    if (schema.is_structure() && schema.problem) return schema.problem(object);
    if (!schema.is_choice()) return std::nullopt;
    const auto& kind = schema.kinds[static_cast<std::size_t>(schema.kind_index(object))];
    return kind.problem ? kind.problem(schema.member(object)) : std::nullopt;
  };
  if (const auto text = ask()) return Problem{path, *text};
  if (schema.type == Type::choices)
    for (void* member : schema.each(object))
      if (auto problem = first_problem(schema.element.front(), member, path)) return problem;
  const Fields level = fields_of(schema, object);
  if (!level.fields) return std::nullopt;
  for (const auto& field : *level.fields)
    if (field.schema.is_structure() || field.schema.is_choice() || field.schema.type == Type::choices)
      if (auto problem = first_problem(field.schema, field.at(level.object), prefixed(path, field.name)))
        return problem;
  return std::nullopt;
}

std::string expectation(const Schema& schema, const Range& range) {
  const auto ranged = [&](const std::string& what) { return range == Range{} ? what : what + ", " + range.text(); };
  const auto words = [&] { return join_or(schema.words); };
  switch (schema.type) {
    case Type::boolean:
      return "true or false";
    case Type::integer:
    case Type::long_integer:
    case Type::optional_integer:
    case Type::optional_long_integer:
      return ranged("a whole number");
    case Type::number:
    case Type::optional_number:
      return ranged("a number");
    case Type::text:
      return "a text";
    case Type::word:
      return "one of " + words();
    case Type::integer_or_word:
      return ranged("a whole number") + ", or " + words();
    case Type::number_or_word:
      return ranged("a number") + ", or " + words();
    case Type::integer_per_layer:
      return ranged("a whole number, or a list with one per layer");
    case Type::number_per_layer:
      return ranged("a number, or a list with one per layer");
    case Type::integers:
    case Type::long_integers:
      return ranged("a list of whole numbers");
    case Type::numbers:
      return ranged("a list of numbers");
    case Type::texts:
      return "a list of texts";
    case Type::integer_lists:
      return ranged("a list of lists of whole numbers");
    case Type::powers:
      return "a mapping of whole numbers to numbers, {1: 0.8, 3: 0.2}";
    case Type::structure:
      return "a mapping";
    case Type::choice: {
      std::vector<std::string_view> kinds;
      for (const auto& kind : schema.kinds) kinds.push_back(kind.kind);
      return "one of " + join_or(kinds);
    }
    case Type::choices:
      return "a list, each " + expectation(schema.element.front(), Range{});
  }
  return "";
}

}  // namespace fieldscan::scan
