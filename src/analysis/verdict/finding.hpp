#pragma once
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "../quantity/quantity.hpp"
#include "fieldscan/analysis/analysis.hpp"

/// From a number with its error to a verdict.
namespace fieldscan::analysis {

inline constexpr std::int64_t members_for_mean = 8;
inline constexpr std::int64_t members_for_fit = 20;
inline constexpr double error_rate = 0.05;

/// The 95 % interval: value ± t(0.975, ν) standard errors.
struct Interval {
  double low = 0;
  double high = 0;
};
Interval interval(const Estimate& estimate);

/// The range that a test allows; either end may be infinite.
struct Allowed {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

/// What one statement came to, before the correction for many.
struct Finding {
  std::string label;                            ///< which group: "width = 512, train_size = 16"
  std::string statement;                        ///< the number, its error and what was expected
  std::string because;                          ///< why it is undecided, or what to beware of
  bool inside = false;                          ///< the interval lies inside the allowed range
  double p = 1;                                 ///< of the null "the true number is allowed"
  std::map<std::string, std::string> key = {};  ///< axis or dimension → label, where the statement has a place
  double more = 0;  ///< how many times as many members would decide, four times in five; 0: not known
};

/// Compares a quantity with its allowed range. Inside: the 95 % interval lies in it, which is stricter than two one-sided tests at
/// 5 %. p: the probability of a value at least as far out when the truth lies at the nearest end. Fewer members than `needed`, no
/// standard error, or one member that carries the number: undecided, with what is missing.
Finding judge(const Quantity& quantity, const Allowed& allowed, std::int64_t needed);

/// Joins the findings of one test: supported where all are inside; p is the smallest, times their number.
TestResult join(std::string name, std::string summary, const std::vector<Finding>& findings);

/// Holm's step-down correction over a family: the adjusted p-values, in the given order.
std::vector<double> holm(const std::vector<double>& p_values);
/// Turns tests whose adjusted p-value is below 5 % into contradictions.
void correct_family(std::vector<TestResult>& results);

/// "0.982 ± 0.031" with digits that fit the error.
std::string with_error(double value, double standard_error);
std::string number(double value);

}  // namespace fieldscan::analysis
