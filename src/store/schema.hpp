#pragma once
#include "sqlite.hpp"

namespace fieldscan::store {

/// The version of the tables. Files of earlier ones are read as they are, and brought to this one when they are opened
/// for writing; files of later ones are refused.
inline constexpr int schema_version = 5;

/// `name`, for a query, where the tables have seals (since version 3); else NULL.
const char* seal_column(const Database& database, const char* name);

/// The number of commits that the store has had; 0 before version 5.
std::int64_t commits_of(const Database& database);

/// Makes the tables in an empty file, or brings those of an earlier version to this one, in one transaction.
void bring_schema(const Database& database);
/// Throws StoreError where the file is no store, or one of a later version; `file` is for the message.
void check_schema(const Database& database, const std::filesystem::path& file);
/// Whether there are no tables yet: the file was made a moment ago, or its maker was killed right then.
bool is_empty(const Database& database);

}  // namespace fieldscan::store
