#pragma once
#include <filesystem>
#include <string>

namespace fieldscan::store {

/// The processes of this machine, other than this one, that hold locks by which a writer of the store has to wait:
/// "process 123 (sqlite3)", …; from /proc/locks. Empty where none is seen: it may be on another machine.
std::string holders_of(const std::filesystem::path& store);

/// "another program holds DIR/store.sqlite: …", with the remedy.
std::string held_text(const std::filesystem::path& store);

}  // namespace fieldscan::store
