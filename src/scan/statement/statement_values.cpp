#include <fmt/format.h>

#include <algorithm>

#include "../expression/constant.hpp"
#include "../schema/words.hpp"
#include "../text/number.hpp"
#include "fieldscan/core/text.hpp"
#include "statement_reader.hpp"

/// The keys of statements that hold a text, a word, a number or a time.
namespace fieldscan::scan {

std::string StatementReader::text(std::string_view key) {
  const Node* node = node_->get(key);
  if (!node) return "";
  if (!node->is_scalar())
    report_.error("FS0201", node->place, path_, fmt::format("found {}; `{}` is a text", describe(*node), key));
  return node->text;
}

std::string StatementReader::word(std::string_view key, std::span<const std::string_view> allowed) {
  const Node* node = node_->get(key);
  if (!node) return "";
  if (node->is_scalar() && std::ranges::find(allowed, node->text) != allowed.end()) return node->text;
  report_.error("FS0107", node->place, path_,
                fmt::format("found {}; `{}` is one of {}", describe(*node), key, join_or(allowed)),
                node->is_scalar() ? suggestion(node->text, allowed) : "");
  return "";
}

std::optional<double> StatementReader::number(std::string_view key) {
  const Node* node = node_->get(key);
  if (!node) return std::nullopt;
  return constant(*node, report_, path_);
}

std::optional<Margin> StatementReader::margin(std::string_view key) {
  const Node* node = node_->get(key);
  if (!node) return std::nullopt;
  Margin margin;
  std::string text = node->text;
  if (text.ends_with('%')) {
    margin.relative = true;
    text.pop_back();
    while (text.ends_with(' ')) text.pop_back();
  }
  const auto value = node->is_scalar() ? parse_number(text) : std::nullopt;
  if (!value || !(*value > 0)) {
    report_.error("FS0504", node->place, path_,
                  fmt::format("found {}; `{}` is a positive number or a share", describe(*node), key),
                  "within: 0.15, or within: 3%");
    return std::nullopt;
  }
  margin.value = margin.relative ? *value / 100 : *value;
  return margin;
}

std::optional<Window> StatementReader::window(std::string_view key) {
  const Node* node = node_->get(key);
  if (!node) return std::nullopt;
  if (!node->is_sequence() || node->items.size() != 2) {
    report_.error("FS0505", node->place, path_, fmt::format("found {}; a window has two ends", describe(*node)),
                  "window: [64, 1024]");
    return std::nullopt;
  }
  const auto a = constant(node->items[0], report_, path_), b = constant(node->items[1], report_, path_);
  if (!a || !b) return std::nullopt;
  if (!(*a < *b)) {
    report_.error("FS0505", node->place, path_, fmt::format("the window [{}, {}] is empty", shortest(*a), shortest(*b)),
                  "the smaller end comes first");
    return std::nullopt;
  }
  return std::pair(*a, *b);
}

std::string StatementReader::at(std::string_view key) {
  constexpr std::array<std::string_view, 4> words{"start", "end", "best", "all"};
  const Node* node = node_->get(key);
  if (!node) return "";
  const bool known = std::ranges::find(words, node->text) != words.end();
  const auto time = known ? std::nullopt : parse_number(node->text);
  if (!node->is_scalar() || (!known && !(time && *time >= 0))) {
    const std::string near = node->is_scalar() ? suggestion(node->text, words, "") : "";
    report_.error(
        "FS0511", node->place, path_,
        fmt::format("found {}; `at` is a time: start, end, best, all or a number", describe(*node)),
        near.starts_with("did you") ? near : "what holds along an axis is said by `where: \"train_size == 64\"`");
    return "";
  }
  if (node->text != "end") in_time_ = true;
  if (node->text == "best") {
    needs_.best = true;
    need(Observable::error_validation, needs_);
  }
  return node->text;
}

bool StatementReader::flag(std::string_view key) {
  const Node* node = node_->get(key);
  if (!node) return false;
  if (node->text != "true" && node->text != "false")
    report_.error("FS0201", node->place, path_, fmt::format("found {}; `{}` is true or false", describe(*node), key));
  return node->text == "true";
}

}  // namespace fieldscan::scan
