#include "fieldscan/scan/help/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "../schema/point_schema.hpp"
#include "../schema/schema.hpp"
#include "../schema/words.hpp"
#include "examples.hpp"
#include "fieldscan/core/observable.hpp"
#include "fieldscan/core/printable.hpp"
#include "fieldscan/core/text.hpp"
#include "fieldscan/theory/predict.hpp"
#include "kind_pages.hpp"
#include "pages.hpp"

namespace fieldscan::scan {
namespace {

std::string join_path(const std::string& a, std::string_view b) {
  return a.empty() ? std::string(b) : a + "." + std::string(b);
}

/// Calls visit(path of the choice, kind) and field(path, info) for everything that a schema can hold.
template <class OnKind, class OnField>
void walk(const std::vector<FieldInfo>& fields, const std::string& path, OnKind&& on_kind, OnField&& on_field) {
  for (const auto& field : fields) {
    const std::string here = join_path(path, field.name);
    on_field(here, field);
    walk(field.schema.fields, here, on_kind, on_field);
    for (const auto& kind : field.schema.kinds) {
      on_kind(here, kind);
      walk(kind.fields, here, on_kind, on_field);
    }
  }
}

std::string field_text(const std::string& path, const FieldInfo& field) {
  return fmt::format("{}: {}\n", path, field_page(field));
}

std::string kind_text(const std::string& path, const KindInfo& kind) {
  std::string out = fmt::format("{} (a kind of {}): {}\n", kind.kind, path, kind.summary);
  for (const auto& field : kind.fields) out += "  " + field_text(std::string(field.name), field);
  return out + fmt::format("  example: {}\n", example_of(path, kind));
}

/// A field and, of a structure, the fields below it.
std::string nested_text(const std::string& path, const FieldInfo& field) {
  if (field.schema.fields.empty()) return "  " + field_text(path, field);
  std::string out = fmt::format("  {}: {}\n", path, field.sentence);
  for (const auto& inner : field.schema.fields) out += nested_text(join_path(path, inner.name), inner);
  return out;
}

/// What stands below a field: of a structure its fields, of a choice its kinds with their summaries.
std::string below(const std::string& path, const FieldInfo& field) {
  std::string out;
  for (const auto& inner : field.schema.fields) out += nested_text(join_path(path, inner.name), inner);
  for (const auto& kind : field.schema.kinds) out += fmt::format("  kind {}: {}\n", kind.kind, kind.summary);
  return out;
}

std::string observable_text(const ObservableInfo& about) {
  std::string out = fmt::format("{}{}: {}", about.name,
                                about.dimension.empty() ? "" : fmt::format(" [{}]", about.dimension), about.sentence);
  if (about.source == Source::ensemble) out += "\n  formed from the replicas of a point";
  if (about.source == Source::theory) out += "\n  only predicted, by theories";
  return out + "\n";
}

/// "solver: conjugate_gradients": the setting of one field with which a theory predicts what it does not by default;
/// empty where no single one does.
std::string setting_for(const KindInfo& kind, int position, Observable observable) {
  const auto predicts = [&](const theory::AnyTheory& theory) {
    const auto observables = theory::observables_of(theory);
    return std::ranges::find(observables, observable) != observables.end();
  };
  for (const FieldInfo& field : kind.fields) {
    const std::size_t values = field.schema.type == Type::boolean ? 2 : field.schema.words.size();
    for (std::size_t value = 0; value < values; ++value) {
      theory::AnyTheory theory;
      void* place = field.at(theory_schema().emplace(&theory, position));
      if (field.schema.type == Type::boolean)
        *static_cast<bool*>(place) = value == 1;
      else
        field.schema.set_word(place, static_cast<int>(value));
      if (predicts(theory))
        return fmt::format(
            "{}: {}", field.name,
            field.schema.type == Type::boolean ? (value == 1 ? "true" : "false") : field.schema.words[value]);
    }
  }
  return "";
}

/// The theories that predict an observable, and what those need for it that do not by default.
std::string predicted_by(Observable observable) {
  std::string text;
  const std::vector<KindInfo>& kinds = theory_schema().kinds;
  for (const theory::About& about : theory::all_theories()) {
    if (std::ranges::find(about.observables, observable) == about.observables.end()) continue;
    const auto position = std::ranges::find(kinds, about.kind, &KindInfo::kind) - kinds.begin();
    theory::AnyTheory theory;
    theory_schema().emplace(&theory, static_cast<int>(position));
    const auto by_default = theory::observables_of(theory);
    const bool always = std::ranges::find(by_default, observable) != by_default.end();
    const std::string setting =
        always ? "" : setting_for(kinds[static_cast<std::size_t>(position)], static_cast<int>(position), observable);
    text += fmt::format("{}{}{}", text.empty() ? "" : ", ", about.kind,
                        always            ? ""
                        : setting.empty() ? " (by its settings)"
                                          : fmt::format(" ({})", setting));
  }
  return text.empty() ? "" : "  predicted by: " + text + "\n";
}

std::string theory_text(const theory::About& theory) {
  std::string out = fmt::format("{} (a theory): {}\n  {}\n  regime: {}\n  given: {}\n  predicts:", theory.kind,
                                theory.summary, theory.card.formula, theory.card.regime, theory.given);
  for (const Observable o : theory.observables) out += fmt::format(" {}", info(o).name);
  out += fmt::format("\n  cost: {}\n  source: {}\n", theory.card.effort, theory.card.source);
  const auto kind = std::ranges::find(theory_schema().kinds, theory.kind, &KindInfo::kind);
  for (const auto& field : kind->fields) out += nested_text(std::string(field.name), field);
  return out + fmt::format("  example: {}\n", example_of("theory", *kind));
}

std::string theories_text() {
  std::string out;
  for (const auto& theory : theory::all_theories()) out += theory_text(theory);
  out += "known to the language, not in this version:\n";
  for (const auto& entry : not_built())
    if (entry.category == "theory") out += fmt::format("  {}: {}\n", entry.word, entry.sentence);
  return out;
}

std::string kinds_at(std::string_view path) {
  std::string out;
  walk(
      point_schema().fields, "",
      [&](const std::string& where, const KindInfo& kind) {
        if (where == path) out += kind_text(where, kind);
      },
      [](const auto&, const auto&) {});
  return out;
}

std::string list_of(const std::string& name) {
  std::string out;
  if (name == "observables")
    for (const auto& about : all_observables()) out += observable_text(about);
  if (name == "theories") out = theories_text();
  if (name == "activations") out = kinds_at("network.activation");
  if (name == "inputs") out = kinds_at("data.input");
  if (name == "targets") out = kinds_at("data.target");
  if (name == "trainers") out = kinds_at("training");
  if (name == "errors")
    for (const auto& page : code_pages()) out += fmt::format("{}  {}\n", page.code, page.title);
  if (name == "symbols")
    for (const auto& page : symbol_pages()) out += fmt::format("{:<28} {}\n", page.spellings, page.text);
  if (name == "fields")
    walk(
        point_schema().fields, "", [](const auto&, const auto&) {},
        [&](const std::string& path, const FieldInfo& field) { out += fmt::format("{}: {}\n", path, field.sentence); });
  return out;
}

std::string page_text(const WordPage& page) {
  return fmt::format("{}: {}\n", page.word, page.text) +
         (page.example.empty() ? "" : fmt::format("  example: {}\n", page.example));
}

std::string code_text(const CodePage& page) {
  std::string out = fmt::format("{}: {}\n  {}\n", page.code, page.title, page.text);
  if (!page.wrong.empty()) out += fmt::format("  wrong: {}\n", page.wrong);
  if (!page.right.empty()) out += fmt::format("  right: {}\n", page.right);
  return out;
}

bool spelled(std::string_view spellings, std::string_view name) {
  while (!spellings.empty()) {
    const auto space = spellings.find(' ');
    if (spellings.substr(0, space) == name) return true;
    if (space == std::string_view::npos) return false;
    spellings.remove_prefix(space + 1);
  }
  return false;
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); });
  return text;
}

/// Everything that has this name, in the order in which it is likely to be meant.
std::string everything(const std::string& name) {
  std::string out = list_of(name);
  for (const auto& page : code_pages())
    if (page.code == upper(name)) out += code_text(page);
  for (const auto pages : {word_pages(), statement_pages(), concept_pages(), verdict_pages(), output_pages()})
    for (const auto& page : pages)
      if (page.word == name) out += page_text(page);
  out += kinds_of_statement(name) + statement_kind(name);
  if (const auto observable = find_observable(name))
    out += observable_text(info(*observable)) + predicted_by(*observable);
  for (const auto& theory : theory::all_theories())
    if (theory.kind == name) out += theory_text(theory);
  std::set<std::string> said;
  const auto on_kind = [&](const std::string& path, const KindInfo& kind) {
    const bool whole = name == join_path(path, kind.kind);  // data.target.gegenbauer
    if ((kind.kind == name || whole) && said.insert(path + "/" + name).second) out += kind_text(path, kind);
  };
  const auto on_field = [&](const std::string& path, const FieldInfo& field) {
    const bool is_word = std::ranges::find(field.schema.words, name) != field.schema.words.end();
    if (path != name && field.name != name && !is_word) return;
    const std::string text =
        (is_word ? fmt::format("{} (a word of a field)\n  ", name) : "") + field_text(path, field) + below(path, field);
    if (said.insert(text).second) out += text;
  };
  walk(point_schema().fields, "", on_kind, on_field);
  for (const auto& kind : theory_schema().kinds) walk(kind.fields, std::string(kind.kind), on_kind, on_field);
  for (const auto& page : symbol_pages())
    if (spelled(page.spellings, name)) out += fmt::format("{} (a symbol): {}\n", name, page.text);
  for (const auto& synonym : synonyms())
    if (synonym.foreign == name && out.empty())
      out += fmt::format("{} is called `{}` here\n", name, synonym.ours) + everything(std::string(synonym.ours));
  for (const auto& entry : not_built())
    if (entry.word == name)
      out += fmt::format("{} (a {}): {}; known to the language, not in this version\n", entry.word, entry.category,
                         entry.sentence);
  return out;
}

std::vector<std::string_view> candidates() {
  std::vector<std::string_view> names{"observables", "theories", "activations", "inputs", "targets",
                                      "trainers",    "errors",   "symbols",     "fields"};
  for (const auto pages : {word_pages(), statement_pages(), concept_pages(), verdict_pages(), output_pages()})
    for (const auto& page : pages) names.push_back(page.word);
  for (const auto kind : statement_kinds()) names.push_back(kind);
  for (const auto& about : all_observables()) names.push_back(about.name);
  for (const auto& kind : theory_schema().kinds) names.push_back(kind.kind);
  const auto on_kind = [&](const auto&, const KindInfo& kind) { names.push_back(kind.kind); };
  const auto on_field = [&](const auto&, const FieldInfo& field) {
    names.push_back(field.name);
    names.insert(names.end(), field.schema.words.begin(), field.schema.words.end());
  };
  walk(point_schema().fields, "", on_kind, on_field);
  for (const auto& kind : theory_schema().kinds) walk(kind.fields, "", on_kind, on_field);
  for (const auto& page : code_pages()) names.push_back(page.code);
  return names;
}

}  // namespace

std::string field_page(const FieldInfo& field) {
  std::string out = fmt::format("{}\n  {}", field.sentence, expectation(field.schema, field.range));
  if (field.presence == Presence::required)
    out += "; required";
  else if (!field.default_text.empty())
    out += fmt::format("; default {}", field.default_text);
  return field.unit.empty() ? out : fmt::format("{}; unit {}", out, field.unit);
}

std::string_view page_of(std::string_view word) {
  for (const auto pages : {word_pages(), statement_pages()})
    for (const auto& page : pages)
      if (page.word == word) return page.text;
  return "";
}

std::string explain_all() {
  const auto count = [](auto&& pages) { return std::ranges::distance(pages); };
  std::size_t fields = 0;
  walk(
      point_schema().fields, "", [](const auto&, const auto&) {}, [&](const auto&, const auto&) { ++fields; });
  std::string out = "fieldscan explain NAME documents, in a few lines each:\n";
  out += fmt::format(
      "  observables ({}), theories ({}), activations, inputs, targets, trainers, fields ({}), tests, figures\n",
      count(all_observables()), theory_schema().kinds.size(), fields);
  out += fmt::format("  errors ({}), symbols of papers ({}): σ_a², χ, κ, λ_1, γ₀ …\n", count(code_pages()),
                     count(symbol_pages()));
  const auto list = [&](const char* what, std::span<const WordPage> pages) {
    out += fmt::format("{}:\n ", what);
    std::size_t width = 1;
    for (const auto& page : pages) {
      if (width + page.word.size() > 110) out += "\n ", width = 1;
      out += fmt::format(" {},", page.word);
      width += page.word.size() + 2;
    }
    out.back() = '\n';
  };
  list("sections and words", word_pages());
  list("keys of axes, definitions, tests and figures", statement_pages());
  list("concepts, and where they are measured", concept_pages());
  list("words of verdicts and tables", verdict_pages());
  list("what is written, with its columns and keys", output_pages());
  return out + "A whole path is a name too: data.target.gegenbauer, network.initial.\n";
}

Explanation explain(const std::string& name) {
  std::string text = everything(name);
  if (!text.empty()) return {true, std::move(text)};
  const auto names = candidates();
  const auto near = nearest(name, names);
  text = fmt::format("nothing is called '{}'", printable(shortened(name, 60)));
  if (!near.empty()) text += fmt::format("; did you mean {}?", join_or(near));
  return {false,
          text +
              "\nlists: observables, theories, activations, inputs, targets, trainers, fields, symbols, errors, tests, "
              "figures\n"};
}

}  // namespace fieldscan::scan
