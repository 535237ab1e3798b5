#pragma once
#include <memory>
#include <string_view>
#include <variant>

#include "fieldscan/core/field.hpp"

namespace fieldscan::theory {

/// What theories have and no other kind: a card. Of a choice: whether it is one of theories.
template <class T>
inline constexpr bool is_theory = requires {
  T::card;
};
template <class First, class... Rest>
inline constexpr bool is_theory<std::variant<First, Rest...>> = is_theory<First>;
template <class List>
inline constexpr bool is_theory<OneOf<List>> = is_theory<typename List::Variant>;

/// One theory of the list with its fields, as a value. Which theories there are is known to `list.hpp` alone and the
/// few sources that include it, so that a changed theory is not compiled into everything that mentions one.
class AnyTheory {
 public:
  struct Held;  ///< a member of the list: `list.hpp`

  AnyTheory();  ///< the first of the list
  /// Of a member of the list, or of the list itself; for sources that include `list.hpp`.
  template <class T>
  requires is_theory<T> AnyTheory(T theory);
  AnyTheory(const AnyTheory& other);
  AnyTheory(AnyTheory&&) noexcept;
  AnyTheory& operator=(const AnyTheory& other);
  AnyTheory& operator=(AnyTheory&&) noexcept;
  ~AnyTheory();
  bool operator==(const AnyTheory& other) const;

  const Held& held() const { return *held_; }
  Held& held() { return *held_; }

 private:
  std::unique_ptr<Held> held_;
};

using fieldscan::kind_of;
/// The word of the theory in scan files.
std::string_view kind_of(const AnyTheory& theory);

}  // namespace fieldscan::theory
