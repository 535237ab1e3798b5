#include <fmt/format.h>

#include <ctime>
#include <vector>

#include "result_reader.hpp"

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
  } catch (const MalformedMessage& error) {
    throw StoreError(
        fmt::format("the store is damaged: what it says of the files of data can not be read ({})", error.what()));
  }
}

void put_data(const Database& database, std::int64_t scan, const data::DataFiles& files) {
  if (files.empty()) return;
  const Bytes bytes = data::pack(files);
  database.prepare("INSERT OR REPLACE INTO scan_data VALUES (?, ?)")
      .bind(scan, std::as_bytes(std::span(bytes.data(), bytes.size())))
      .run();
}

/// The text at a row of (key, name, text, version, started), with its overrides.
Store::ScanText scan_at(const Database& database, Statement& row) {
  Store::ScanText scan{
      .name = row.text(1), .text = row.text(2), .overrides = {}, .version = row.text(3), .started = row.text(4)};
  Statement overrides = database.prepare("SELECT override FROM scan_override WHERE scan = ? ORDER BY position");
  overrides.bind(row.integer(0));
  scan.data = data_of(database, row.integer(0));
  while (overrides.step()) scan.overrides.push_back(overrides.text(0));
  return scan;
}

}  // namespace

void Store::put_scan(const std::string& name, const std::string& text, const std::vector<std::string>& overrides,
                     const std::string& version, const data::DataFiles& data) {
  const Database& database = implementation_->database;
  Transaction transaction(database, "BEGIN IMMEDIATE");
  const std::int64_t latest = database.integer("SELECT ifnull(max(latest), 0) + 1 FROM scan");
  const std::string now = now_text();
  if (const std::int64_t known = find_scan(database, name, text, overrides, version); known != 0) {
    database.prepare("UPDATE scan SET latest = ? WHERE key = ?").bind(latest, known).run();
    put_data(database, known, data);
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
  }
  transaction.commit();
}

std::optional<Store::ScanText> Store::latest_scan() const {
  const Database& database = implementation_->database;
  const ReadScope scope(database);
  Statement at = database.prepare("SELECT key, name, text, version, started FROM scan ORDER BY latest DESC LIMIT 1");
  return at.step() ? std::optional(scan_at(database, at)) : std::nullopt;
}

std::vector<Store::ScanText> Store::scan_texts() const {
  const Database& database = implementation_->database;
  const ReadScope scope(database);
  std::vector<ScanText> texts;
  Statement at = database.prepare("SELECT key, name, text, version, started FROM scan ORDER BY key");
  while (at.step()) texts.push_back(scan_at(database, at));
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
