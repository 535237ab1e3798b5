#include "statement_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../expression/constant.hpp"
#include "../schema/words.hpp"
#include "../text/number.hpp"
#include "fieldscan/core/text.hpp"

namespace fieldscan::scan {

void StatementReader::begin(const Node& node, std::string path) {
  node_ = &node;
  path_ = std::move(path);
  in_time_ = over_time_ = false;
  predictor_ = ntk_ = false;
}

void StatementReader::end() {
  needs_.predictor_on_grid = needs_.predictor_on_grid || (in_time_ && predictor_);
  needs_.ntk_on_grid = needs_.ntk_on_grid || (in_time_ && ntk_);
}

/// A name at a time of its own is measured at other times than the end.
void StatementReader::mention_time(const ResolvedName& name) {
  if (name.at.empty() || name.at == "end") return;
  in_time_ = true;
  if (name.kind == ResolvedName::Kind::observable) needs_.at_all_times.insert(*name.observable);
  if (name.at != "best") return;
  needs_.best = true;
  need(Observable::error_validation, needs_);
}

void StatementReader::mention(const ResolvedName& name) {
  using Kind = ResolvedName::Kind;
  mention_time(name);
  switch (name.kind) {
    case Kind::observable:
      need(*name.observable, needs_);
      ntk_ = ntk_ || name.observable == Observable::ntk_variance;
      predictor_ =
          predictor_ || info(*name.observable).source == Source::ensemble || info(*name.observable).form == Form::array;
      break;
    case Kind::deviation:
      need(Observable::predictor, needs_);
      predictor_ = true;
      break;
    case Kind::error_ensemble:
      if (name.theory.empty()) need(Observable::error_ensemble, needs_);
      predictor_ = true;
      break;
    case Kind::rms:
      for (const auto& side : name.sides) mention(side);
      break;
    case Kind::field:
      used_.insert(name.name);
      break;
    case Kind::dimension:
      over_time_ = over_time_ || is_time(name.name);
      in_time_ = in_time_ || over_time_;
      break;
    case Kind::prediction:
    case Kind::definition:
      break;
  }
}

Formula StatementReader::formula(const Node& node, Theories theories, std::string_view key) {
  if (!node.is_scalar()) {
    report_.error("FS0201", node.place, path_, fmt::format("found {} where an expression belongs", describe(node)));
    return {};
  }
  Formula formula{.text = node.text, .place = inside(node, 0)};
  if (theories == Theories::yes && symbols_.theories.contains(node.text)) return formula;
  if (symbols_.unbuilt_theories.contains(node.text)) return formula;
  const auto expression = compile(node, Scope::statement, report_, path_);
  if (!expression) return {};
  const bool label = expression->is_atom() && takes_labels(key);
  for (const auto& atom : expression->atoms()) {
    try {
      const ResolvedName name = resolve(symbols_, atom);
      if (atom.arithmetic && !label) refuse_word(name, node, atom.offset);
      refuse_predictor(name, inside(node, atom.offset));
      mention(name);
    } catch (const ExpressionError& error) {
      const bool reported_with_its_theory = error.code() == "FS0105" && !find_observable(atom.text);
      if (!reported_with_its_theory)
        report_.error(error.code().c_str(), inside(node, error.offset()), path_, error.what(), error.help());
    }
  }
  return formula;
}

bool StatementReader::takes_labels(std::string_view key) const {
  if (key != "versus") return false;
  const Node *kind = node_->get("kind"), *style = node_->get("style"), *versus = node_->get("versus");
  if (kind) return kind->text == Chi2::kind;
  return (style && style->text == Regions::kind) || (versus && versus->is_sequence() && versus->items.size() == 2);
}

void StatementReader::refuse_word(const ResolvedName& name, const Node& node, std::size_t offset) {
  if (name.kind != ResolvedName::Kind::field || !symbols_.words.contains(name.name)) return;
  report_.error("FS0404", inside(node, offset), path_,
                fmt::format("'{}' is a word at every point, not a number", name.text),
                fmt::format("a word can only be compared with == or != (where: \"{} == 'WORD'\"), or tell curves and "
                            "statements apart (by: {})",
                            name.text, name.text));
}

void StatementReader::refuse_predictor(const ResolvedName& name, Place place) {
  const bool bare = name.kind == ResolvedName::Kind::observable || name.kind == ResolvedName::Kind::prediction;
  if (!bare || name.observable != Observable::predictor) return;
  const Node *kind = node_->get("kind"), *of = node_->get("of");
  const auto is_predictor = [](const Node& one) { return one.text == "predictor"; };
  const bool compared = kind && kind->text == Chi2::kind && name.theory.empty() && of &&
                        (is_predictor(*of) || std::ranges::any_of(of->items, is_predictor));
  const Node* style = node_->get("style");
  if (compared || (style && style->text == Regions::kind)) return;
  report_.error("FS0509", place, path_,
                fmt::format("'{}' is a block of numbers per network, and a statement takes one", name.text),
                "numbers made of it: deviation(THEORY), rms(predictor - THEORY.predictor), error_mean_predictor; the "
                "test chi2 and figures of regions compare it with a theory");
}

Formula StatementReader::formula(std::string_view key, Theories theories) {
  const Node* node = node_->get(key);
  if (!node) return {};
  if (key != "where") refuse_truth(*node);
  const std::size_t before = report_.error_count();
  Formula read = formula(*node, theories, key);
  if (key == "where" && report_.error_count() == before) refuse_no_condition(*node);
  return read;
}

void StatementReader::refuse_no_condition(const Node& node) {
  try {
    condition(symbols_, node.text);
  } catch (const ExpressionError& error) {
    if (error.code() != "FS0413") return;  // of a theory that is not built: reported there
    report_.error("FS0413", inside(node, error.offset()), path_, error.what(), error.help());
  }
}

void StatementReader::refuse_constant(std::string_view key, const Formula& formula) {
  if (formula.empty() || symbols_.theories.contains(formula.text)) return;
  try {
    if (!Expression::compile(formula.text, Scope::statement).is_constant()) return;
  } catch (const ExpressionError&) {
    return;  // reported where it was read
  }
  report_.error(
      "FS0502", formula.place, path_,
      fmt::format("'{}' in '{}' is the same number everywhere: it makes no curve", formula.text, key),
      key == "versus" ? "versus: an axis, a field, time, or an expression of them" : "an expression of observables");
}

void StatementReader::refuse_truth(const Node& node) {
  if (const auto problem = truth_problem(node.is_scalar() ? node.text : ""))
    report_.error("FS0201", node.place, path_, problem->message, problem->help);
}

std::vector<Formula> StatementReader::formulas(std::string_view key, Theories theories) {
  std::vector<Formula> list;
  const Node* node = node_->get(key);
  if (!node) return list;
  if (!node->is_sequence()) return {formula(key, theories)};
  for (const auto& item : node->items) {
    refuse_truth(item);
    list.push_back(formula(item, theories, key));
  }
  return list;
}

void StatementReader::read(std::string_view key, Reference& value) {
  Formula found = formula(key, Theories::yes);
  const bool theory = is_theory(found.text);
  value = {.text = std::move(found.text), .place = found.place, .theory = theory};
}

void StatementReader::read(std::string_view key, std::vector<Reference>& value) {
  for (Formula& found : formulas(key, Theories::yes)) {
    const bool theory = is_theory(found.text);
    value.push_back({.text = std::move(found.text), .place = found.place, .theory = theory});
  }
}

void StatementReader::read(std::string_view key, Exponents& value) {
  value.each = formulas(key, is_list(key) ? Theories::no : Theories::yes);
}

std::optional<std::string> StatementReader::resolve_bare(const Node& node) {
  if (!node.is_scalar()) {
    report_.error("FS0201", node.place, path_,
                  fmt::format("found {} where the name of an axis, a field or a dimension belongs", describe(node)));
    return std::nullopt;
  }
  try {
    mention(resolve(symbols_, node.text));
  } catch (const ExpressionError& error) {
    report_.error(error.code().c_str(), inside(node, 0), path_, error.what(), error.help());
    return std::nullopt;
  }
  return node.text;
}

std::vector<std::string> StatementReader::names(std::string_view key) {
  std::vector<std::string> list;
  const Node* node = node_->get(key);
  if (!node) return list;
  const std::vector<Node> items = node->is_sequence() ? node->items : std::vector<Node>{*node};
  for (const auto& item : items)
    if (auto name = resolve_bare(item)) list.push_back(std::move(*name));
  return list;
}

std::string StatementReader::name(std::string_view key) {
  const Node* node = node_->get(key);
  if (!node) return "";
  const auto name = resolve_bare(*node);
  if (name && (key == "along" || key == "scaled_by")) refuse_word(resolve(symbols_, *name), *node, 0);
  return name.value_or("");
}

void StatementReader::allow(std::span<const std::string_view> keys, std::string_view what,
                            std::span<const Remedy> remedies) {
  for (const auto& entry : node_->entries) {
    if (std::ranges::find(keys, entry.key) != keys.end()) continue;
    if (report_.full()) return report_.leave_out();
    const auto remedy = std::ranges::find(remedies, entry.key, &Remedy::key);
    report_.error("FS0503", entry.place, path_, fmt::format("'{}' means nothing in {}", entry.key, what),
                  remedy == remedies.end() ? suggestion(entry.key, keys) : remedy->help);
  }
}

void StatementReader::refuse(std::string_view key, const std::string& why, const std::string& help) {
  if (const Entry* entry = node_->find(key)) report_.error("FS0503", entry->place, path_, why, help);
}

GivenKeys StatementReader::given() const {
  GivenKeys keys;
  for (const Entry& entry : node_->entries) keys.insert(entry.key);
  return keys;
}

void StatementReader::require(std::string_view key, const std::string& help) {
  if (!has(key)) report_.error("FS0502", node_->place, path_, fmt::format("'{}' is missing", key), help);
  const Node* node = node_->get(key);
  if (node && node->is_sequence() && node->items.empty())
    report_.error("FS0502", node->place, path_, fmt::format("'{}' is an empty list", key), help);
}

}  // namespace fieldscan::scan
