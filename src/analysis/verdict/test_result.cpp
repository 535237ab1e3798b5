#include "fieldscan/analysis/verdict/test_result.hpp"

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

}  // namespace fieldscan::analysis
