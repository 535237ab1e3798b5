#pragma once
#include <optional>
#include <span>

#include "fieldscan/core/field.hpp"
#include "fieldscan/scan/expression/expression.hpp"
#include "statements.hpp"

namespace fieldscan::scan {

/// The words of an enum, which outlive the call.
template <Worded E>
std::span<const std::string_view> words_of() {
  static constexpr auto list = words(E{});
  return list;
}

/// The pieces of which define, tests and figures are made: each reads one key, and says what is wrong with it.
class StatementReader {
 public:
  StatementReader(const Symbols& symbols, Report& report, std::set<std::string>& used, Needs& needs)
      : symbols_(symbols), report_(report), used_(used), needs_(needs) {}

  /// Starts a statement; `path` is said in diagnostics.
  void begin(const Node& node, std::string path);
  /// Ends it: settles what it wants to be measured in time.
  void end();

  /// What to write instead of a key that means nothing in this kind of statement.
  struct Remedy {
    std::string_view key;
    std::string help;
  };

  enum class Theories { no, yes };  ///< whether the bare name of a theory may stand for a formula
  Formula formula(std::string_view key, Theories theories = Theories::no);
  std::vector<Formula> formulas(std::string_view key, Theories theories = Theories::no);
  Formula formula(const Node& node, Theories theories, std::string_view key = "");

  // A field of a described statement, by its type.
  void read(std::string_view key, Formula& value) { value = formula(key); }
  void read(std::string_view key, Reference& value);
  void read(std::string_view key, std::vector<Formula>& value) { value = formulas(key); }
  void read(std::string_view key, std::vector<Reference>& value);
  void read(std::string_view key, Exponents& value);
  void read(std::string_view key, AxisName& value) { value.text = name(key); }
  void read(std::string_view key, std::string& value) { value = text(key); }
  void read(std::string_view key, std::vector<std::string>& value) { value = names(key); }
  void read(std::string_view key, At& value) { value.text = at(key); }
  void read(std::string_view key, std::optional<Margin>& value) { value = margin(key); }
  void read(std::string_view key, std::optional<Window>& value) { value = window(key); }
  void read(std::string_view key, std::optional<double>& value) { value = number(key); }
  void read(std::string_view key, bool& value) { value = has(key) ? flag(key) : value; }
  template <Worded E>
  void read(std::string_view key, std::optional<E>& value) {
    value = from_word<E>(word(key, fieldscan::scan::words_of<E>()));
  }
  template <Worded E>
  void read(std::string_view key, E& value) {
    if (const auto found = from_word<E>(word(key, fieldscan::scan::words_of<E>()))) value = *found;
  }

  std::vector<std::string> names(std::string_view key);
  std::string name(std::string_view key);
  std::string text(std::string_view key);
  std::string word(std::string_view key, std::span<const std::string_view> allowed);
  std::optional<double> number(std::string_view key);
  std::optional<Margin> margin(std::string_view key);
  std::optional<Window> window(std::string_view key);
  std::string at(std::string_view key);
  bool flag(std::string_view key);
  /// The name of a theory of the scan that predicts every observable of a formula.
  std::string theory(std::string_view key, const Formula& of);
  bool is_theory(const std::string& name) const;
  /// Reports a reference to a theory that does not predict an observable of what it is compared with, or takes the
  /// place of none.
  void refuse_unpredicted(const Reference& with, const Formula& of);
  /// Reports a reference to a theory that takes the place of nothing in what it is compared with, so that a number
  /// would stand beside itself. No name: any theory.
  void refuse_unreplaced(const Reference& with, const Formula& of);
  /// What a theory does not predict, of a figure, which then lacks a line.
  void warn_of_unpredicted(const Reference& with, const Formula& of);
  /// Reports the keys that are not among these: with their remedy where there is one, else with the nearest key.
  void allow(std::span<const std::string_view> keys, std::string_view what, std::span<const Remedy> remedies = {});
  /// Reports a key, where it stands, because it means nothing here.
  void refuse(std::string_view key, const std::string& why, const std::string& help);
  /// Whether the statement, as far as it is read, runs over all times: then `at` has nothing to choose.
  bool over_time() const { return over_time_; }
  /// Reports what should be a curve, or an abscissa, and is the same number everywhere.
  void refuse_constant(std::string_view key, const Formula& formula);
  /// Reports a key that is missing.
  void require(std::string_view key, const std::string& help);
  bool has(std::string_view key) const { return node_->get(key) != nullptr; }
  bool is_list(std::string_view key) const { return has(key) && node_->get(key)->is_sequence(); }
  GivenKeys given() const;
  Place place() const { return node_->place; }
  Report& report() { return report_; }
  const std::string& path() const { return path_; }

 private:
  std::optional<ExpressionError> unpredicted(const std::string& theory, const Formula& of) const;
  void mention(const ResolvedName& name);
  void mention_time(const ResolvedName& name);
  /// Predictors by themselves are compared by the test chi2 and by figures of regions, and by nothing else.
  void refuse_predictor(const ResolvedName& name, Place place);
  /// A word stands where a number belongs (FS0404).
  void refuse_word(const ResolvedName& name, const Node& node, std::size_t offset);
  /// Whether what stands at a key only tells points apart: a map has a column for a word, χ² takes words together.
  bool takes_labels(std::string_view key) const;
  /// A number may be an expression, but not `true` alone.
  void refuse_truth(const Node& node);
  /// `where` is true or false at a point.
  void refuse_no_condition(const Node& node);
  std::optional<std::string> resolve_bare(const Node& node);

  const Symbols& symbols_;
  Report& report_;
  std::set<std::string>& used_;
  Needs& needs_;
  const Node* node_ = nullptr;
  std::string path_;
  bool in_time_ = false;
  bool over_time_ = false;  ///< time itself is mentioned
  bool predictor_ = false;
  bool ntk_ = false;
};

}  // namespace fieldscan::scan
