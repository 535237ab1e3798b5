#include "fieldscan/theory/any_theory.hpp"

#include "fieldscan/theory/list.hpp"

namespace fieldscan::theory {

AnyTheory::AnyTheory() : held_(new Held{}) {}
AnyTheory::AnyTheory(const AnyTheory& other) : held_(new Held(*other.held_)) {}
AnyTheory::AnyTheory(AnyTheory&&) noexcept = default;
AnyTheory& AnyTheory::operator=(const AnyTheory& other) {
  held_.reset(new Held(*other.held_));
  return *this;
}
AnyTheory& AnyTheory::operator=(AnyTheory&&) noexcept = default;
AnyTheory::~AnyTheory() = default;

bool AnyTheory::operator==(const AnyTheory& other) const { return *held_ == *other.held_; }

std::string_view kind_of(const AnyTheory& theory) { return fieldscan::kind_of(choice_of(theory)); }

}  // namespace fieldscan::theory

template struct fieldscan::OneOf<fieldscan::theory::TheoryList>;
