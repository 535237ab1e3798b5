#include <fmt/format.h>

#include <ctime>
#include <vector>

#include "result_reader.hpp"
#include "schema.hpp"

namespace fieldscan::store {

namespace {

std::string now_text() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

/// The key of a scan that ran here before in exactly this form; 0 where there is none.
std::int64_t find_scan(const Database& database, const std::string& name, const std::string& text,
                       const std::vector<std::string>& overrides, const std::string& version) {
  Statement scans = database.prepare("SELECT key FROM scan WHERE name = ? AND text = ? AND version = ?");
  scans.bind(std::string_view(name), std::string_view(text), std::string_view(version));
  while (scans.step()) {
    Statement of_scan = database.prepare("SELECT override FROM scan_override WHERE scan = ? ORDER BY position");
    of_scan.bind(scans.integer(0));
    std::vector<std::string> found;
    while (of_scan.step()) found.push_back(of_scan.text(0));
    if (found == overrides) return scans.integer(0);
  }
  return 0;
}

/// The files of data of a scan, as they were put.
data::DataFiles data_of(const Database& database, std::int64_t scan) {
  if (database.integer("SELECT count(*) FROM sqlite_master WHERE name = 'scan_data'") == 0) return {};
  Statement at = database.prepare("SELECT files FROM scan_data WHERE scan = ?");
  at.bind(scan);
  if (!at.step()) return {};
  const std::string_view bytes = at.blob(0);
  try {
    return data::unpack(std::span(bytes.data(), bytes.size()));
  } catch (const MalformedMessage&) {
    return {};  // the seal does not fit then
  }
}

void put_data(const Database& database, std::int64_t scan, const data::DataFiles& files) {
  if (files.empty()) return;
  const Bytes bytes = data::pack(files);
  database.prepare("INSERT OR REPLACE INTO scan_data VALUES (?, ?)")
      .bind(scan, std::as_bytes(std::span(bytes.data(), bytes.size())))
      .run();
}

/// The query for scans, in an order.
std::string select_scans(const Database& database, const char* order) {
  return fmt::format("SELECT key, name, text, version, started, latest, {} FROM scan ORDER BY {}",
                     seal_column(database, "seal"), order);
}

/// The text at a row of `select_scans`, with its overrides, unchecked.
Store::ScanText scan_at(const Database& database, Statement& row) {
  Store::ScanText scan{
      .name = row.text(1), .text = row.text(2), .overrides = {}, .version = row.text(3), .started = row.text(4)};
  Statement overrides = database.prepare("SELECT override FROM scan_override WHERE scan = ? ORDER BY position");
  overrides.bind(row.integer(0));
  scan.data = data_of(database, row.integer(0));
  while (overrides.step()) scan.overrides.push_back(overrides.text(0));
  return scan;
}

bool fits(const Statement& row, const Store::ScanText& scan) {
  return row.is_null(6) || static_cast<std::uint64_t>(row.integer(6)) == seal_of_scan(scan, row.integer(5));
}

Store::ScanText checked_scan_at(const Database& database, Statement& row) {
  Store::ScanText scan = scan_at(database, row);
  if (!fits(row, scan))
    throw StoreError(
        "the store is damaged: the checksum of a scan text does not fit; `fieldscan run` with --recompute-damaged goes "
        "on with the scan file's text");
  return scan;
}

/// Seals a scan as it is now.
void seal_scan(const Database& database, std::int64_t key) {
  Statement at = database.prepare("SELECT key, name, text, version, started, latest FROM scan WHERE key = ?");
  at.bind(key);
  if (!at.step()) return;
  const auto seal = static_cast<std::int64_t>(seal_of_scan(scan_at(database, at), at.integer(5)));
  database.prepare("UPDATE scan SET seal = ? WHERE key = ?").bind(seal, key).run();
}

}  // namespace

std::vector<std::int64_t> damaged_scans(const Database& database) {
  std::vector<std::int64_t> keys;
  Statement at = database.prepare(select_scans(database, "key").c_str());
  while (at.step())
    if (!fits(at, scan_at(database, at))) keys.push_back(at.integer(0));
  return keys;
}

void Store::put_scan(const std::string& name, const std::string& text, const std::vector<std::string>& overrides,
                     const std::string& version, const data::DataFiles& data) {
  const Database& database = implementation_->database;
  Transaction transaction(database, "BEGIN IMMEDIATE");
  const std::int64_t latest = database.integer("SELECT ifnull(max(latest), 0) + 1 FROM scan");
  const std::string now = now_text();
  if (const std::int64_t known = find_scan(database, name, text, overrides, version); known != 0) {
    database.prepare("UPDATE scan SET latest = ? WHERE key = ?").bind(latest, known).run();
    put_data(database, known, data);
    seal_scan(database, known);
  } else {
    database.prepare("INSERT INTO scan (name, text, version, started, latest) VALUES (?, ?, ?, ?, ?)")
        .bind(std::string_view(name), std::string_view(text), std::string_view(version), std::string_view(now), latest)
        .run();
    const std::int64_t key = database.last_row();
    std::int64_t position = 0;
    for (const auto& override_text : overrides)
      database.prepare("INSERT INTO scan_override VALUES (?, ?, ?)")
          .bind(key, position++, std::string_view(override_text))
          .run();
    put_data(database, key, data);
    seal_scan(database, key);
  }
  commit_counted(database, transaction);
  mark_commits(*implementation_);
}

std::optional<Store::ScanText> Store::latest_scan() const {
  const Database& database = implementation_->database;
  const ReadScope scope(database);
  Statement at = database.prepare(select_scans(database, "latest DESC LIMIT 1").c_str());
  return at.step() ? std::optional(checked_scan_at(database, at)) : std::nullopt;
}

std::vector<Store::ScanText> Store::scan_texts() const {
  const Database& database = implementation_->database;
  const ReadScope scope(database);
  std::vector<ScanText> texts;
  Statement at = database.prepare(select_scans(database, "key").c_str());
  while (at.step()) texts.push_back(checked_scan_at(database, at));
  return texts;
}

std::map<std::string, CostFactor> Store::costs() const {
  const Database& database = implementation_->database;
  const ReadScope scope(database);
  std::map<std::string, CostFactor> costs;
  if (database.integer("SELECT count(*) FROM sqlite_master WHERE name = 'cost'") == 0) return costs;  // version 1
  Statement at = database.prepare("SELECT kind, estimated, measured FROM cost");
  while (at.step()) costs[at.text(0)] = {.estimated_seconds = at.real(1), .measured_seconds = at.real(2)};
  return costs;
}

}  // namespace fieldscan::store
