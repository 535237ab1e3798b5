#include "fieldscan/analysis/verdict/test_result.hpp"

#include <fmt/format.h>

namespace fieldscan::analysis {

std::string_view word_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::supported:
      return "supported";
    case Verdict::contradicted:
      return "contradicted";
    case Verdict::undecided:
      break;
  }
  return "undecided";
}

std::string options_of(const EnsembleSize& size) {
  std::string text;
  if (size.draws > 0) text += fmt::format("--set ensemble.data_draws={}", size.draws);
  if (size.initialisations > 0)
    text += fmt::format("{}--set ensemble.initialisations={}", text.empty() ? "" : " ", size.initialisations);
  return text;
}

}  // namespace fieldscan::analysis
