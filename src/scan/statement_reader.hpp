#pragma once
#include "statements.hpp"

namespace fieldscan::scan {

/// The pieces of which define, tests and figures are made: each reads one key, and says what is wrong with it.
class StatementReader {
 public:
  StatementReader(const Symbols& symbols, Report& report, std::set<std::string>& used, Needs& needs)
      : symbols_(symbols), report_(report), used_(used), needs_(needs) {}

  /// Starts a statement; `path` is said in diagnostics.
  void begin(const Node& node, std::string path);
  /// Ends it: settles what it wants to be measured in time.
  void end();

  enum class Theories { no, yes };  ///< whether the bare name of a theory may stand for a formula
  Formula formula(std::string_view key, Theories theories = Theories::no);
  std::vector<Formula> formulas(std::string_view key, Theories theories = Theories::no);
  Formula formula(const Node& node, Theories theories);
  std::vector<std::string> names(std::string_view key);
  std::string name(std::string_view key);
  std::string text(std::string_view key);
  std::string word(std::string_view key, std::span<const std::string_view> allowed);
  std::optional<double> number(std::string_view key);
  std::optional<Margin> margin(std::string_view key);
  std::optional<std::pair<double, double>> window(std::string_view key);
  std::string at(std::string_view key);
  bool flag(std::string_view key);
  void allow(std::span<const std::string_view> keys, std::string_view what);
  /// Reports a key that is missing.
  void require(std::string_view key, const std::string& help);
  bool has(std::string_view key) const { return node_->get(key) != nullptr; }
  Place place() const { return node_->place; }
  Report& report() { return report_; }
  const std::string& path() const { return path_; }

 private:
  void mention(const ResolvedName& name);
  std::optional<std::string> resolve_bare(const Node& node);

  const Symbols& symbols_;
  Report& report_;
  std::set<std::string>& used_;
  Needs& needs_;
  const Node* node_ = nullptr;
  std::string path_;
  bool in_time_ = false;
  bool predictor_ = false;
  bool ntk_ = false;
};

Test read_test(const Node& node, StatementReader& reader);
Define read_define(const Entry& entry, StatementReader& reader);
Figure read_figure(const Node& node, StatementReader& reader);

}  // namespace fieldscan::scan
