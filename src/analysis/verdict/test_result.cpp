#include "fieldscan/analysis/verdict/test_result.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../text/number.hpp"

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

void Unsettled::join(const Unsettled& other) {
  chains = std::max(chains, other.chains);
  networks = std::max(networks, other.networks);
}

std::string words_of(const Unsettled& unsettled) {
  std::string text;
  if (unsettled.chains > 0)
    text = fmt::format("as many as {} of the chains did not equilibrate", percent(unsettled.chains));
  if (unsettled.networks > 0)
    text += fmt::format("{}as many as {} of the networks did not converge", text.empty() ? "" : "; ",
                        percent(unsettled.networks));
  return text;
}

std::string options_of(const EnsembleSize& size) {
  std::string text;
  if (size.draws > 0) text += fmt::format("--set ensemble.data_draws={}", size.draws);
  if (size.initialisations > 0)
    text += fmt::format("{}--set ensemble.initialisations={}", text.empty() ? "" : " ", size.initialisations);
  return text;
}

}  // namespace fieldscan::analysis
