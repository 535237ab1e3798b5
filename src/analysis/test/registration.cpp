#include "fieldscan/analysis/test/registration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "fieldscan/core/field.hpp"
#include "fieldscan/core/printable.hpp"
#include "fieldscan/core/text.hpp"
#include "list.hpp"

namespace fieldscan::analysis {
namespace {

std::string join_and(const std::vector<scan::Formula>& formulas) {
  std::string text;
  for (const scan::Formula& formula : formulas) text += (text.empty() ? "" : " and ") + formula.text;
  return text;
}

template <class Kind>
void add_expected(std::string& text, const Kind& kind) {
  if constexpr (requires { kind.form; })
    if (kind.form) text += fmt::format(", form {}", word(*kind.form));
  if constexpr (requires { kind.scaled_by; })
    if (!kind.scaled_by.empty()) text += ", scaled by " + kind.scaled_by.text;
  if constexpr (requires { kind.expect.each; }) {
    if (!kind.expect.empty()) text += ", expected " + join_and(kind.expect.each);
  } else if constexpr (requires { kind.expect; }) {
    if (!kind.expect.empty()) text += ", expected " + join_and(kind.expect);
  }
}

/// What a test claims, as a reader is told.
std::string claim(const scan::Test& test) {
  std::string text = sentence_of(test);
  for (const std::string& name : scan::over_of(test)) text += ", over " + name;
  for (const std::string& name : test.by) text += ", by " + name;
  std::visit([&](const auto& kind) { add_expected(text, kind); }, test.kind);
  return text;
}

std::string text_of_field(const scan::Formula& value) { return value.text; }
std::string text_of_field(const scan::Reference& value) { return value.text; }
std::string text_of_field(const scan::AxisName& value) { return value.text; }
std::string text_of_field(const scan::At& value) { return value.text; }
std::string text_of_field(const std::string& value) { return value; }
std::string text_of_field(const scan::Exponents& value);
std::string text_of_field(double value) { return shortest(value); }
std::string text_of_field(const scan::Margin& value) {
  return shortest(value.value) + (value.relative ? " of it" : "");
}
std::string text_of_field(const scan::Window& value) {
  return fmt::format("[{}, {}]", shortest(value.first), shortest(value.second));
}
template <Worded E>
std::string text_of_field(E value) {
  return std::string(word(value));
}
template <class T>
std::string text_of_field(const std::optional<T>& value) {
  return value ? text_of_field(*value) : "";
}
template <class T>
std::string text_of_field(const std::vector<T>& values) {
  std::string text;
  for (const T& value : values) text += (text.empty() ? "" : ", ") + text_of_field(value);
  return text;
}
std::string text_of_field(const scan::Exponents& value) { return text_of_field(value.each); }

using FieldTexts = std::map<std::string_view, std::string>;

/// Every field of a test that bears on its verdict, by its key.
FieldTexts fields_of(const scan::Test& test) {
  FieldTexts texts;
  const auto add = [&](const auto& object) {
    for_each_field<std::decay_t<decltype(object)>>(
        [&](const auto& f) { texts[f.name] = text_of_field(object.*(f.member)); });
  };
  add(test);
  std::visit([&](const auto& kind) { add(kind); }, test.kind);
  texts["kind"] = kind_of(test.kind);
  return texts;
}

/// The claim as it was, and, where its words hide it, which fields differ now.
std::string claim_before(const scan::Test& then, const scan::Test& now) {
  if (claim(then) != claim(now)) return claim(then);
  std::string text = claim(then);
  const FieldTexts changed = fields_of(now);
  for (const auto& [key, value] : fields_of(then)) {
    const auto found = changed.find(key);
    if (found == changed.end() || found->second != value) text += fmt::format(", {}: {}", key, value);
  }
  return text;
}

bool same_claim(const scan::Test& a, const scan::Test& b) { return fields_of(a) == fields_of(b); }

const scan::Test* find(const std::vector<scan::Test>& tests, const std::string& name) {
  const auto found = std::ranges::find(tests, name, &scan::Test::name);
  return found == tests.end() ? nullptr : &*found;
}

/// The tests of a text that ran here; empty where this version can not read it.
std::optional<std::vector<scan::Test>> tests_of(const store::Store::ScanText& text) {
  const scan::ReadResult read = scan::read_scan(text.text, text.name, text.overrides, text.data);
  return read.scan ? std::optional(read.scan->tests()) : std::nullopt;
}

}  // namespace

Registration registration(const scan::Scan& scan, const store::Store& store) {
  Registration result;
  const std::vector<store::Store::ScanText> texts = store.scan_texts();
  if (texts.empty()) return result;
  result.registered = texts.front().started;
  const auto first = tests_of(texts.front());
  if (!first) {
    result.readable = false;
    return result;
  }
  for (const scan::Test& test : scan.tests()) {
    const scan::Test* then = find(*first, test.name);
    if (then && same_claim(*then, test)) continue;
    RegistrationChange change{.test = test.name,
                              .kind = then ? RegistrationChange::Kind::changed : RegistrationChange::Kind::added,
                              .before = then ? claim_before(*then, test) : "",
                              .since = ""};
    for (const auto& text : texts) {  // the first text that has it as it is now
      const auto tests = tests_of(text);
      const scan::Test* same = tests ? find(*tests, test.name) : nullptr;
      if (same && same_claim(*same, test)) {
        change.since = text.started;
        break;
      }
    }
    result.changes.push_back(std::move(change));
  }
  for (const scan::Test& test : *first)
    if (!find(scan.tests(), test.name))
      result.changes.push_back({test.name, RegistrationChange::Kind::removed, claim(test), ""});
  return result;
}

std::string render(const Registration& registration) {
  if (registration.registered.empty()) return "";
  if (!registration.readable)
    return fmt::format("tests: the scan of {}, before the first result, can not be read by this version\n",
                       registration.registered);
  if (registration.changes.empty())
    return fmt::format("tests as registered {}, before the first result\n", registration.registered);
  std::string text =
      fmt::format("tests edited since they were registered {}, before the first result:\n", registration.registered);
  for (const RegistrationChange& change : registration.changes) {
    const char* word = change.kind == RegistrationChange::Kind::added     ? "added"
                       : change.kind == RegistrationChange::Kind::changed ? "changed"
                                                                          : "removed";
    text += fmt::format("  {}{}: {}{}\n", word, change.since.empty() ? "" : " " + change.since, change.test,
                        change.before.empty() ? "" : " (was: " + change.before + ")");
  }
  return printable(text);
}

}  // namespace fieldscan::analysis
