#pragma once
#include <map>
#include <optional>
#include <string>

#include "../quantity/basis.hpp"
#include "fieldscan/analysis/verdict/test_result.hpp"

namespace fieldscan::analysis {

/// A number beside the range that a test allows it.
struct JudgedNumber {
  double value = 0, low = 0, high = 0;
  bool beyond_validity = false;  ///< a theory in it is beyond its stated range
};

/// What one statement came to, before the correction for many.
struct Finding {
  enum class Outcome {
    judged,          ///< a number was compared with what is allowed
    open,            ///< there is no number yet, or too little is known of it
    not_applicable,  ///< a theory does not hold here: it says nothing
    no_numbers,      ///< replicas that it needs have all ended without numbers: more compute does not help
  };
  std::string label;                            ///< which group: "width = 512, train_size = 16"
  std::string statement;                        ///< the number, its error and what was expected
  std::string because;                          ///< why it is undecided, or what to beware of
  bool inside = false;                          ///< the interval lies inside the allowed range
  double p = 1;                                 ///< of the null "the true number is allowed"
  std::map<std::string, std::string> key = {};  ///< axis or dimension → label, where the statement has a place
  double more = 0;  ///< how many times as many members would decide, four times in five; 0: not known
  Outcome outcome = Outcome::judged;
  std::string growth = {};   ///< of `because` the sentence on what would decide
  EnsembleSize enough = {};  ///< an ensemble that would decide, four times in five; zeros where none is known
  std::optional<JudgedEstimate> number = {};    ///< the number of the statement, with its error
  std::optional<JudgedEstimate> distance = {};  ///< of that from the expected one, where that is what was judged
  std::optional<JudgedChi2> chi2 = {};          ///< of many points at once
  Unsettled unsettled = {};                     ///< among the members of that number
  Basis basis = {};                             ///< of that number, or of what should have made one
  std::optional<JudgedNumber> judged = {};      ///< the number that was judged, even where its members are too few
};

/// "judged", "open", "not_applicable", "no_numbers".
std::string_view word_of(Finding::Outcome outcome);

}  // namespace fieldscan::analysis
