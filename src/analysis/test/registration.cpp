#include "fieldscan/analysis/test/registration.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fieldscan/core/printable.hpp"
#include "list.hpp"

namespace fieldscan::analysis {
namespace {

/// Everything of a test that bears on its verdict, as one text.
std::string claim(const scan::Test& test) {
  std::string text = sentence_of(test);
  for (const std::string& name : test.over) text += ", over " + name;
  for (const std::string& name : test.by) text += ", by " + name;
  if (!test.form.empty()) text += ", form " + test.form;
  if (!test.scaled_by.empty()) text += ", scaled by " + test.scaled_by;
  if (test.expect) text += ", expected " + test.expect->text;
  return text + (test.expect_second ? " and " + test.expect_second->text : "");
}

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
    if (then && claim(*then) == claim(test)) continue;
    RegistrationChange change{.test = test.name,
                              .kind = then ? RegistrationChange::Kind::changed : RegistrationChange::Kind::added,
                              .before = then ? claim(*then) : "",
                              .since = ""};
    for (const auto& text : texts) {  // the first text that has it as it is now
      const auto tests = tests_of(text);
      const scan::Test* same = tests ? find(*tests, test.name) : nullptr;
      if (same && claim(*same) == claim(test)) {
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
