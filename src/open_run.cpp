#include "open_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/output.hpp"
#include "fieldscan/store/earlier.hpp"

namespace fieldscan::command {

namespace {

/// Why the scan text of a store can not be read: for lack of its data, where the store does not say what they were, or
/// by this version.
[[noreturn]] void refuse_text(const std::filesystem::path& directory, const store::Store::ScanText& text,
                              const std::vector<scan::Diagnostic>& diagnostics) {
  const std::string said = scan::render(diagnostics, text.name, text.text);
  const auto of_data = [](const scan::Diagnostic& d) {
    return d.severity == scan::Severity::warning || d.code == "FS0311";
  };
  if (std::ranges::all_of(diagnostics, of_data))
    throw EnvironmentError(
        fmt::format("the run in '{}' is of an earlier version that did not keep what its files of data told, and they "
                    "can not be read:\n{}",
                    directory.string(), said));
  throw store::StoreError(fmt::format("the scan text stored in '{}' is not read by this version ({}):\n{}",
                                      directory.string(), text.version, said));
}

/// Where the store does not say with which data its results were computed, the identities of its results do.
void check_data(const scan::Scan& scan, const store::Store& store) {
  bool others = false;
  std::set<std::string> missing;
  for (const auto& file : scan.data_files()) missing.insert(file->content);
  for (const Id owner : store.find("")) {
    const std::string text = store.owner_text(owner).value_or("");
    others = others || text.find(".content=") != std::string::npos;
    std::erase_if(missing, [&](const std::string& content) { return text.find(content) != std::string::npos; });
    if (missing.empty()) return;
  }
  if (others)
    throw EnvironmentError(
        "the files of data have changed since this was computed: no result belongs to what they hold now; bring them "
        "back");
}

}  // namespace

void say_lost(const store::Store& store) {
  if (const std::string lost = store.lost(); !lost.empty()) say(fmt::format("fieldscan: {}\n", lost));
}

OpenRun open_run(const std::filesystem::path& directory, Looks looks) {
  store::Store store = store::Store::open(directory, store::Mode::read);
  say_lost(store);
  store.expect_sound(looks);
  const auto text = store.latest_scan();
  if (!text) throw EnvironmentError(fmt::format("'{}' holds no run (no scan was started there)", directory.string()));
  auto read = scan::read_scan(text->text, text->name, text->overrides, text->data);
  if (!read.scan) refuse_text(directory, *text, read.diagnostics);
  if (text->data.empty() && !read.scan->data_files().empty()) check_data(*read.scan, store);
  return {std::move(store), std::move(*read.scan)};
}

Id find_one(const store::Store& store, const std::string& prefix) {
  const auto ids = store.find(prefix);
  if (ids.empty()) throw EnvironmentError(fmt::format("no point or prediction begins with '{}'", prefix));
  if (ids.size() > 1)
    throw EnvironmentError(fmt::format("{} ids begin with '{}': write more of it", ids.size(), prefix));
  return ids.front();
}

void say_earlier(const OpenRun& run) {
  const std::string sentence = store::earlier_sentence(store::count_earlier(run.scan, run.store));
  if (!sentence.empty()) say(sentence + "\n");
}

}  // namespace fieldscan::command
