#include "list.hpp"

#include <fmt/format.h>

#include "shared.hpp"

namespace fieldscan::analysis {

std::vector<Finding> evaluate(const Context& context, const scan::Test& test) {
  return std::visit([&](const auto& kind) { return evaluate(context, test, kind); }, test.kind);
}

std::string sentence_of(const scan::Test& test) {
  std::string text = std::visit([&](const auto& kind) { return claim_of(test, kind); }, test.kind);
  if (const auto& window = scan::window_of(test))
    text += fmt::format(", {} from {:g} to {:g}", list_of(scan::versus_of(test)), window->first, window->second);
  if (!test.where.empty()) text += ", where " + test.where.text;
  if (!scan::at_of(test).text.empty()) text += ", at " + scan::at_of(test).text;
  return text;
}

}  // namespace fieldscan::analysis
