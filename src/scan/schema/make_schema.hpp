#pragma once
#include <fmt/format.h>

#include <map>

#include "fieldscan/core/canonical.hpp"
#include "schema.hpp"

namespace fieldscan::scan {

template <class E>
std::vector<std::string_view> word_list() {
  const auto list = words(E{});
  return {list.begin(), list.end()};
}

template <class T>
struct OrWordParts;
template <class N, class E>
struct OrWordParts<OrWord<N, E>> {
  using Number = N;
  using Word = E;
};

template <class T>
constexpr Type plain_type() {
  if constexpr (std::is_same_v<T, bool>)
    return Type::boolean;
  else if constexpr (std::is_same_v<T, int>)
    return Type::integer;
  else if constexpr (std::is_same_v<T, std::int64_t>)
    return Type::long_integer;
  else if constexpr (std::is_same_v<T, double>)
    return Type::number;
  else if constexpr (std::is_same_v<T, std::string>)
    return Type::text;
  else if constexpr (std::is_same_v<T, PerLayer<int>>)
    return Type::integer_per_layer;
  else if constexpr (std::is_same_v<T, PerLayer<double>>)
    return Type::number_per_layer;
  else if constexpr (std::is_same_v<T, std::optional<int>>)
    return Type::optional_integer;
  else if constexpr (std::is_same_v<T, std::optional<std::int64_t>>)
    return Type::optional_long_integer;
  else if constexpr (std::is_same_v<T, std::optional<double>>)
    return Type::optional_number;
  else if constexpr (std::is_same_v<T, std::vector<int>>)
    return Type::integers;
  else if constexpr (std::is_same_v<T, std::vector<std::int64_t>>)
    return Type::long_integers;
  else if constexpr (std::is_same_v<T, std::vector<double>>)
    return Type::numbers;
  else if constexpr (std::is_same_v<T, std::vector<std::string>>)
    return Type::texts;
  else if constexpr (std::is_same_v<T, std::vector<std::vector<int>>>)
    return Type::integer_lists;
  else {
    static_assert(std::is_same_v<T, std::map<int, double>>, "a field of a type that the reader does not know");
    return Type::powers;
  }
}

template <class T>
void describe(Schema& schema);

template <class S>
std::optional<std::string> (*problem_of())(const void*) {
  if constexpr (HasProblem<S>)
    return [](const void* object) { return static_cast<const S*>(object)->problem(); };
  else
    return nullptr;
}

// All that has no type of the field in it is made outside of the templates: they are written out for every field that
// there is.
template <Described S>
void describe_fields(std::vector<FieldInfo>& list) {
  const S defaults{};
  for_each_field<S>([&](const auto& f) {
    using T = typename std::decay_t<decltype(f)>::Value;
    const T& value = defaults.*f.member;
    FieldInfo& added = add_field(list, {f.name, f.sentence, f.unit, f.range, f.presence, f.identity},
                                 reinterpret_cast<const char*>(&value) - reinterpret_cast<const char*>(&defaults));
    describe<T>(added.schema);
    if constexpr (!is_choice<T> && !is_choice_list<T> && !Described<T>)
      canonical_detail::append_value(added.default_text, value);
  });
}

template <class Choice>
void* member_of(Choice& choice) {
  return std::visit([](auto& member) -> void* { return &member; }, choice);
}
/// Makes a choice hold the default of a kind; its member.
template <class Choice>
void* emplace_kind(Choice& choice, int index) {
  int at = 0;
  for_each_kind<Choice>([&]<class K>() {
    if (at++ == index) choice = K{};
  });
  return member_of(choice);
}

template <class Choice>
void describe_choice(Schema& schema) {
  schema.type = Type::choice;
  for_each_kind<Choice>([&]<class K>() {
    describe_fields<K>(add_kind(schema.kinds, K::kind, K::summary, K::revision, problem_of<K>()).fields);
  });
  schema.kind_index = [](const void* value) { return static_cast<int>(static_cast<const Choice*>(value)->index()); };
  schema.member = [](void* value) { return member_of(*static_cast<Choice*>(value)); };
  schema.emplace = [](void* value, int index) { return emplace_kind(*static_cast<Choice*>(value), index); };
}

template <class List>
void describe_choices(Schema& schema) {
  schema.type = Type::choices;
  describe_choice<typename List::value_type>(schema.element.emplace_back());
  schema.clear = [](void* value) { static_cast<List*>(value)->clear(); };
  schema.append = [](void* value) -> void* { return &static_cast<List*>(value)->emplace_back(); };
  schema.each = [](void* value) {
    std::vector<void*> places;
    for (auto& choice : *static_cast<List*>(value)) places.push_back(&choice);
    return places;
  };
}

template <class T>
void describe_or_word(Schema& schema) {
  using N = typename OrWordParts<T>::Number;
  using E = typename OrWordParts<T>::Word;
  schema.type = std::is_floating_point_v<N> ? Type::number_or_word : Type::integer_or_word;
  schema.words = word_list<E>();
  schema.get_word = [](const void* value) {
    const auto& v = *static_cast<const T*>(value);
    return v.is_word() ? static_cast<int>(std::get<1>(v.value)) : -1;
  };
  schema.set_word = [](void* value, int word) { *static_cast<T*>(value) = static_cast<E>(word); };
  schema.get_number = [](const void* value) { return static_cast<double>(static_cast<const T*>(value)->number()); };
  schema.set_number = [](void* value, double number) { *static_cast<T*>(value) = static_cast<N>(number); };
}

template <class T>
void describe(Schema& schema) {
  if constexpr (is_choice<T>) {
    describe_choice<T>(schema);
  } else if constexpr (is_choice_list<T>) {
    describe_choices<T>(schema);
  } else if constexpr (Described<T>) {
    schema.type = Type::structure;
    schema.in_one_value = requires { T::in_one_value; };
    describe_fields<T>(schema.fields);
    schema.problem = problem_of<T>();
  } else if constexpr (is_or_word<T>) {
    describe_or_word<T>(schema);
  } else if constexpr (std::is_enum_v<T>) {
    schema.type = Type::word;
    schema.words = word_list<T>();
    schema.get_word = [](const void* value) { return static_cast<int>(*static_cast<const T*>(value)); };
    schema.set_word = [](void* value, int word) { *static_cast<T*>(value) = static_cast<T>(word); };
  } else {
    schema.type = plain_type<T>();
  }
}

template <class T>
Schema make_schema() {
  Schema schema;
  describe<T>(schema);
  return schema;
}

}  // namespace fieldscan::scan
