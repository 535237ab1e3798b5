#include "fieldscan/core/row.hpp"

#include <array>

namespace fieldscan {

std::string_view word_of(Outcome outcome) {
  constexpr std::array<std::string_view, 7> words{
      "done", "diverged", "not_converged", "not_equilibrated", "numerical_error", "not_applicable", "failed"};
  return words.at(static_cast<std::size_t>(outcome));
}

}  // namespace fieldscan
