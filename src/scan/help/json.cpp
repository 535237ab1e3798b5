#include "json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "fieldscan/core/printable.hpp"

namespace fieldscan::scan::json {

std::string object(const std::vector<Member>& members) {
  std::vector<std::string> texts;
  for (const auto& [key, value] : members)
    if (!value.empty()) texts.push_back(fmt::format("{}: {}", json_quoted(key), value));
  return fmt::format("{{{}}}", fmt::join(texts, ", "));
}

std::string list(const std::vector<std::string>& items) { return fmt::format("[{}]", fmt::join(items, ", ")); }

std::string texts(const std::vector<std::string_view>& items) {
  std::vector<std::string> quoted;
  for (const auto item : items) quoted.push_back(json_quoted(item));
  return list(quoted);
}

std::string typed(std::string_view name) { return object({{"type", json_quoted(name)}}); }

std::string array_of(const std::string& items) { return object({{"type", json_quoted("array")}, {"items", items}}); }

std::string any_of(std::vector<std::string> alternatives) {
  std::ranges::sort(alternatives);
  alternatives.erase(std::unique(alternatives.begin(), alternatives.end()), alternatives.end());
  return alternatives.size() == 1 ? alternatives.front() : object({{"anyOf", list(alternatives)}});
}

std::string described(std::string_view sentence, const std::string& schema) {
  if (sentence.empty()) return schema;
  // Beside a reference nothing else is read.
  if (schema.starts_with("{\"$ref\""))
    return object({{"description", json_quoted(sentence)}, {"allOf", list({schema})}});
  return fmt::format("{{\"description\": {}{}{}", json_quoted(sentence), schema == "{}" ? "" : ", ", schema.substr(1));
}

std::string one_word(const std::vector<std::pair<std::string_view, std::string_view>>& words) {
  std::vector<std::string> each;
  for (const auto& [word, sentence] : words)
    each.push_back(object({{"const", json_quoted(word)}, {"description", json_quoted(sentence)}}));
  return object({{"oneOf", list(each)}});
}

}  // namespace fieldscan::scan::json
