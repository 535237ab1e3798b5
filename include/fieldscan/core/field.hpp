#pragma once
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

#include "fieldscan/core/one_of.hpp"

/// How a specification describes its own fields, so that reading it from a file, its canonical text, its documentation
/// and its tests all follow from one list.
///
///     struct Sphere {
///       int dim = 0;
///       static constexpr std::string_view kind = "sphere";      // the word in the scan file
///       static constexpr int revision = 1;                      // bumped when its numbers change
///       static constexpr std::string_view summary = "Uniform on the sphere |x|² = dim.";
///       static auto fields() {
///         return std::tuple{field("dim", &Sphere::dim, "dimension of the inputs", at_least(1)).required()};
///       }
///       bool operator==(const Sphere&) const = default;
///     };
///
/// A member may be: bool, int, std::int64_t, double, std::string, an enum with `words`, OrWord<number, enum>,
/// PerLayer<number>, std::optional of a number, std::vector of numbers, strings or lists of int, std::map, another
/// described struct, a choice (a OneOf, or std::variant, of described structs that have a `kind`), or a std::vector of
/// a choice.
namespace fieldscan {

/// The interval in which a number must lie. Comparisons are written so that NaN is outside.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;   ///< low itself is outside
  bool high_open = false;  ///< high itself is outside

  constexpr bool contains(double value) const {
    return (low_open ? value > low : value >= low) && (high_open ? value < high : value <= high);
  }
  /// "> 0", "at least 1", "from 0 to 1", "any number".
  std::string text() const;
  bool operator==(const Range&) const = default;
};
constexpr Range any_number() { return {}; }
constexpr Range positive() { return {.low = 0, .low_open = true}; }
constexpr Range non_negative() { return {.low = 0}; }
constexpr Range at_least(double low) { return {.low = low}; }
constexpr Range between(double low, double high) { return {.low = low, .high = high}; }

enum class Presence { optional, required };
enum class Identity { part, not_part };  ///< whether the field is part of a point's identity

/// One field: its name in the file, the member, one sentence, its range and unit.
template <class Spec, class T>
struct Field {
  using Value = T;
  std::string_view name;
  T Spec::*member;
  std::string_view sentence;
  Range range = {};
  std::string_view unit = "";
  Presence presence = Presence::optional;
  Identity identity = Identity::part;

  constexpr Field required() const {
    Field copy = *this;
    copy.presence = Presence::required;
    return copy;
  }
  /// The field is not part of the point's identity (for instance a path whose content is hashed instead).
  constexpr Field outside_identity() const {
    Field copy = *this;
    copy.identity = Identity::not_part;
    return copy;
  }
};

template <class Spec, class T>
constexpr Field<Spec, T> field(std::string_view name, T Spec::*member, std::string_view sentence, Range range = {},
                               std::string_view unit = "") {
  return {.name = name, .member = member, .sentence = sentence, .range = range, .unit = unit};
}

/// With `static constexpr bool in_one_value = true` a word or a number alone stands for the first field that takes it.
template <class S>
concept Described = requires {
  S::fields();
};

/// A described struct that is one of the members of a choice.
template <class S>
concept Kind = Described<S> && requires {
  { S::kind } -> std::convertible_to<std::string_view>;
  { S::revision } -> std::convertible_to<int>;
  { S::summary } -> std::convertible_to<std::string_view>;
};

/// Calls visit(field) for every field of a described struct.
template <Described S, class Visit>
constexpr void for_each_field(Visit&& visit) {
  std::apply([&](const auto&... fields) { (visit(fields), ...); }, S::fields());
}

/// An enum whose enumerators have words: `words(E{})` is found beside the enum and lists them in the order of the
/// enumerators, which count from 0.
///
///     enum class Anchor { initial, zero };
///     constexpr auto words(Anchor) { return std::array<std::string_view, 2>{"initial", "zero"}; }
template <class E>
concept Worded = std::is_enum_v<E> && requires(E e) {
  words(e)[0];
};

template <Worded E>
constexpr std::string_view word(E value) {
  return words(value)[static_cast<std::size_t>(value)];
}
template <Worded E>
constexpr std::optional<E> from_word(std::string_view text) {
  const auto list = words(E{});
  for (std::size_t i = 0; i < list.size(); ++i)
    if (list[i] == text) return static_cast<E>(i);
  return std::nullopt;
}

/// A number field that may also say one of a few words: `train_size: 100` or `train_size: whole`.
template <class Number, Worded E>
struct OrWord {
  std::variant<Number, E> value{};
  OrWord() = default;
  OrWord(Number number) : value(number) {}
  OrWord(E e) : value(e) {}
  bool is_word() const { return value.index() == 1; }
  bool is(E e) const { return is_word() && std::get<1>(value) == e; }
  Number number() const { return std::get<0>(value); }  ///< throws std::bad_variant_access for a word
  bool operator==(const OrWord&) const = default;
};

/// One value for all layers, or one per layer.
template <class Number>
struct PerLayer {
  std::vector<Number> values{Number{}};
  PerLayer() = default;
  PerLayer(Number all) : values{all} {}
  PerLayer(std::vector<Number> each) : values(std::move(each)) {}
  bool is_one() const { return values.size() == 1; }
  Number at(std::size_t layer) const { return values.size() == 1 ? values[0] : values.at(layer); }
  bool operator==(const PerLayer&) const = default;
};

template <class T>
inline constexpr bool is_choice = false;
template <class... Kinds>
inline constexpr bool is_choice<std::variant<Kinds...>> = (Kind<Kinds> && ...);
template <class List>
inline constexpr bool is_choice<OneOf<List>> = is_choice<typename List::Variant>;
template <class T>
inline constexpr bool is_or_word = false;
template <class N, class E>
inline constexpr bool is_or_word<OrWord<N, E>> = true;
template <class T>
inline constexpr bool is_per_layer = false;
template <class N>
inline constexpr bool is_per_layer<PerLayer<N>> = true;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

template <class T>
inline constexpr bool is_choice_list = false;
template <class T>
inline constexpr bool is_choice_list<std::vector<T>> = is_choice<T>;

/// Calls visit.template operator()<Member>() for every member of a choice.
template <class Choice, class Visit>
constexpr void for_each_kind(Visit&& visit) {
  [&]<class... Kinds>(std::type_identity<std::variant<Kinds...>>) {
    (visit.template operator()<Kinds>(), ...);
  }(std::type_identity<VariantOf<Choice>>{});
}

/// The word of the member that a choice holds.
template <class Choice>
requires is_choice<Choice>
constexpr std::string_view kind_of(const Choice& choice) {
  return std::visit([](const auto& member) -> std::string_view { return std::decay_t<decltype(member)>::kind; },
                    choice);
}

/// The words of all members of a choice, in the order of the list.
template <class Choice>
requires is_choice<Choice> std::vector<std::string_view> kinds_of() {
  std::vector<std::string_view> names;
  for_each_kind<Choice>([&]<class K>() { names.push_back(K::kind); });
  return names;
}

/// A described struct may say why a combination of its fields is not possible: `std::optional<std::string> problem()
/// const`.
template <class S>
concept HasProblem = requires(const S& s) {
  { s.problem() } -> std::same_as<std::optional<std::string>>;
};

}  // namespace fieldscan
