#pragma once
#include <variant>

namespace fieldscan {

/// One of the kinds of a list, which names them as `List::Variant`: a std::variant, visited and asked like one, whose
/// copying, moving and destroying are compiled once, in the source with `template struct OneOf<List>`, and not in every
/// one that holds it: of some thirty kinds they would be hundreds of functions each time, a third of those of a test.
template <class List>
struct OneOf : List::Variant {
  using Variant = typename List::Variant;
  using Variant::Variant;
  using Variant::operator=;
  OneOf();
  OneOf(const OneOf&);
  OneOf(OneOf&&) noexcept;
  OneOf& operator=(const OneOf&);
  OneOf& operator=(OneOf&&) noexcept;
  ~OneOf();
};

/// The std::variant that a choice is.
template <class Choice>
struct Unwrapped {
  using type = Choice;
};
template <class List>
struct Unwrapped<OneOf<List>> {
  using type = typename List::Variant;
};
template <class Choice>
using VariantOf = typename Unwrapped<Choice>::type;

template <class List>
OneOf<List>::OneOf() = default;
template <class List>
OneOf<List>::OneOf(const OneOf&) = default;
template <class List>
OneOf<List>::OneOf(OneOf&&) noexcept = default;
template <class List>
OneOf<List>& OneOf<List>::operator=(const OneOf&) = default;
template <class List>
OneOf<List>& OneOf<List>::operator=(OneOf&&) noexcept = default;
template <class List>
OneOf<List>::~OneOf() = default;

}  // namespace fieldscan
