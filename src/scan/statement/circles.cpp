#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "statements.hpp"

namespace fieldscan::scan {
namespace {

/// The definitions that an expression mentions; none where it can not be read, which was said.
std::vector<std::string> definitions_in(const std::string& formula, const Symbols& symbols) {
  std::vector<std::string> names;
  if (formula.empty()) return names;
  try {
    for (const auto& name : mentions(symbols, formula).atoms)
      if (name.kind == ResolvedName::Kind::definition) names.push_back(name.name);
  } catch (const ExpressionError&) {
    names.clear();
  }
  return names;
}

class Circles {
 public:
  Circles(const std::vector<Define>& definitions, const Symbols& symbols, Report& report) : report_(report) {
    for (const Define& define : definitions) {
      places_[define.name] = define.place;
      auto& needed = needs_[define.name];
      for (const std::string& text : {define.of.text, define.where.text})
        for (std::string& name : definitions_in(text, symbols)) needed.push_back(std::move(name));
    }
  }

  void report() {
    for (const auto& [name, needed] : needs_) visit(name);
  }

 private:
  /// Depth first; a definition that is reached again from itself closes a circle, which is said once, at its first
  /// member.
  void visit(const std::string& name) {
    const auto found = needs_.find(name);
    if (found == needs_.end() || done_.contains(name)) return;
    if (const auto begin = std::ranges::find(path_, name); begin != path_.end()) {
      const std::string circle = fmt::format("{} → {}", fmt::join(begin, path_.end(), " → "), name);
      report_.error("FS0515", places_[name], fmt::format("define.{}", name),
                    begin + 1 == path_.end() ? fmt::format("'{}' is defined by itself", name)
                                             : fmt::format("definitions need each other: {}", circle),
                    "one of them must be made of observables, predictions and axes alone");
      return;
    }
    path_.push_back(name);
    for (const std::string& other : found->second) visit(other);
    path_.pop_back();
    done_.insert(name);
  }

  Report& report_;
  std::map<std::string, Place> places_;
  std::map<std::string, std::vector<std::string>> needs_;
  std::vector<std::string> path_;
  std::set<std::string> done_;
};

}  // namespace

void refuse_circles(const std::vector<Define>& definitions, const Symbols& symbols, Report& report) {
  Circles(definitions, symbols, report).report();
}

}  // namespace fieldscan::scan
