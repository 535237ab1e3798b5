#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "fieldscan/core/row.hpp"

/// What stands behind a number, in the words that all exports use.
namespace fieldscan::analysis {

/// The words of flags and outcomes that a number may be marked with; one bit of Marks each, in this order.
inline constexpr std::array<std::string_view, 9> mark_words{"censored",       "not_equilibrated", "outside_validity",
                                                            "diverged",       "not_converged",    "numerical_error",
                                                            "not_applicable", "failed",           "error_not_reached"};
using Marks = std::uint16_t;

/// How members end, in the order of the enumeration.
inline constexpr std::array<Outcome, 7> all_outcomes{Outcome::done,
                                                     Outcome::diverged,
                                                     Outcome::not_converged,
                                                     Outcome::not_equilibrated,
                                                     Outcome::numerical_error,
                                                     Outcome::not_applicable,
                                                     Outcome::failed};

/// The mark of a row's flag, and of how a member ended; none of what is as it should be.
Marks mark_of(Flag flag);
Marks mark_of(Outcome outcome);
/// The mark of a number whose ensemble was to grow `until` its error is small enough, and ended at its `max` before.
Marks error_not_reached();
/// "diverged not_equilibrated".
std::string words_of_marks(Marks marks);
/// "", "censored", "not_equilibrated" …: of one row.
std::string_view word_of(Flag flag);

/// How many members a number is formed of.
struct Basis {
  std::int64_t members = 0;  ///< replicas, of a theory predictions, whose numbers enter
  std::int64_t asked = 0;    ///< how many the scan asks for; 0: it is of no ensemble
  Marks marks = 0;           ///< what its rows are flagged with, and how members ended that have no number
  /// Fewer members than were asked for; none of them.
  bool fewer() const { return members < asked; }
  bool none() const { return asked > 0 && members == 0; }
  /// Of a number that is formed of both: the one that lacks more of its members stands, and all marks.
  void join(const Basis& other);
  bool operator==(const Basis&) const = default;
};
/// "3,4,diverged": the columns members, asked, flag of tables.
std::string columns_of(const Basis& basis);

}  // namespace fieldscan::analysis
