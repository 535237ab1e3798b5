#pragma once
#include "sqlite.hpp"

namespace fieldscan::store {

/// The version of the tables; a file of another one is refused.
inline constexpr int schema_version = 1;

/// Makes the tables in an empty file.
void create_schema(const Database& database);
/// Throws StoreError where the file is not a store of this version; `file` is for the message.
void check_schema(const Database& database, const std::filesystem::path& file);
/// Whether there are no tables yet: the file was made a moment ago, or its maker was killed right then.
bool is_empty(const Database& database);

}  // namespace fieldscan::store
