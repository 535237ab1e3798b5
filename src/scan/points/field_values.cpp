#include "fieldscan/scan/points/field_values.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../expression/tokens.hpp"
#include "fieldscan/core/text.hpp"
#include "fieldscan/scan/points/names.hpp"

namespace fieldscan::scan {
namespace {

constexpr std::size_t most_kept = 1000, most_shown = 6;

std::string shown_value(const AxisValue& value) {
  const double* number = std::get_if<double>(&value);
  return number ? shortest(*number) : fmt::format("'{}'", std::get<std::string>(value));
}

/// "16, 32 or 64"; of many "16, 32, 48, … or 1024".
std::string shown_values(const std::vector<AxisValue>& values) {
  std::vector<std::string> words;
  for (std::size_t k = 0; k < values.size(); ++k) {
    const bool hidden = values.size() > most_shown && k >= most_shown / 2 && k + 1 < values.size();
    if (!hidden) words.push_back(shown_value(values[k]));
    if (hidden && k == most_shown / 2) words.emplace_back("…");
  }
  return join_or(std::vector<std::string_view>(words.begin(), words.end()));
}

}  // namespace

std::vector<ComparedWord> compared_words(const Expression& condition, const std::vector<std::string>& paths) {
  const std::vector<Token> tokens = tokenize(condition.text());
  const std::vector<Atom>& atoms = condition.atoms();
  std::vector<ComparedWord> words;
  for (std::size_t k = 1; k + 1 < tokens.size(); ++k) {
    if (tokens[k].text != "==" && tokens[k].text != "!=") continue;
    const bool first = tokens[k - 1].kind == Token::Kind::word;
    const Token &word = tokens[first ? k - 1 : k + 1], &name = tokens[first ? k + 1 : k - 1];
    if (word.kind != Token::Kind::word || name.kind != Token::Kind::name) continue;
    const auto atom = std::ranges::find(atoms, name.text, &Atom::text);
    const auto at = static_cast<std::size_t>(atom - atoms.begin());
    if (at < paths.size() && !paths[at].empty())
      words.push_back({.path = paths[at], .word = std::string(word.text), .offset = word.offset});
  }
  return words;
}

FieldValues::FieldValues(const std::vector<std::string>& paths) {
  for (const std::string& path : paths)
    if (std::ranges::find(fields_, path, &Field::path) == fields_.end()) fields_.push_back({.path = path});
}

void FieldValues::see(const Point& point) {
  for (Field& field : fields_) {
    const AxisValue* value = find_value(point, field.path);
    if (!value) continue;
    const auto at = std::ranges::lower_bound(field.values, *value);
    if (at != field.values.end() && *at == *value) continue;
    if (field.values.size() < most_kept) field.values.insert(at, *value);
  }
}

std::optional<UnknownWord> FieldValues::unknown(const std::vector<ComparedWord>& words) const {
  for (const ComparedWord& compared : words) {
    const auto field = std::ranges::find(fields_, compared.path, &Field::path);
    if (field == fields_.end() || field->values.size() >= most_kept) continue;
    std::vector<std::string_view> there;
    for (const AxisValue& value : field->values)
      if (const auto* word = std::get_if<std::string>(&value)) there.push_back(*word);
    if (there.empty() || std::ranges::find(there, compared.word) != there.end()) continue;
    const auto near = nearest(compared.word, there);
    return UnknownWord{.compared = compared,
                       .message = fmt::format("no point has {} '{}'", compared.path, compared.word),
                       .help = near.empty() ? fmt::format("{} is {}", compared.path, shown_values(field->values))
                                            : fmt::format("did you mean '{}'?", fmt::join(near, "' or '")),
                       .misspelt = !near.empty()};
  }
  return std::nullopt;
}

std::string FieldValues::text() const {
  std::string text;
  for (const Field& field : fields_) {
    const std::string values = field.values.empty() ? "at no point" : shown_values(field.values);
    text += fmt::format("{}{} is {}", text.empty() ? "" : "; ", field.path, values);
  }
  return text;
}

}  // namespace fieldscan::scan
