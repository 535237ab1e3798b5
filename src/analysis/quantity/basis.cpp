#include "basis.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fieldscan::analysis {

namespace basis {
namespace {

Marks mark_of_word(std::string_view word) {
  const auto at = std::ranges::find(mark_words, word);
  return at == mark_words.end() ? Marks{0} : static_cast<Marks>(1U << static_cast<unsigned>(at - mark_words.begin()));
}

}  // namespace
}  // namespace basis

std::string_view word_of(Flag flag) {
  switch (flag) {
    case Flag::none:
      break;
    case Flag::censored:
      return "censored";
    case Flag::not_equilibrated:
      return "not_equilibrated";
    case Flag::outside_validity:
      return "outside_validity";
  }
  return "";
}

Marks mark_of(Flag flag) { return basis::mark_of_word(word_of(flag)); }

Marks mark_of(Outcome outcome) { return basis::mark_of_word(fieldscan::word_of(outcome)); }

Marks error_not_reached() { return basis::mark_of_word(mark_words.back()); }

std::string words_of_marks(Marks marks) {
  std::string text;
  for (std::size_t k = 0; k < mark_words.size(); ++k)
    if (marks & (1U << k)) text.append(text.empty() ? "" : " ").append(mark_words[k]);
  return text;
}

std::string columns_of(const Basis& basis) {
  return fmt::format("{},{},{}", basis.members, basis.asked, words_of_marks(basis.marks));
}

void Basis::join(const Basis& other) {
  marks |= other.marks;
  if (other.asked == 0) return;
  const std::int64_t here = members * other.asked, there = other.members * asked;  // of which the share is smaller
  if (asked != 0 && (there > here || (there == here && other.asked <= asked))) return;
  members = other.members;
  asked = other.asked;
}

}  // namespace fieldscan::analysis
