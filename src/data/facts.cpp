#include "fieldscan/data/facts.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <limits>

#include "fieldscan/core/hash.hpp"

namespace fieldscan::data {
namespace {

constexpr std::int32_t no_class = -1;

// The label at every place of the order in which rows are held out.
std::vector<std::int32_t> labels_in_order(const FileFacts& facts) {
  std::vector<std::int32_t> labels(static_cast<std::size_t>(facts.train_rows), no_class);
  for (const auto& [label, places] : facts.held_out_places)
    for (const std::uint32_t place : places) labels[place] = static_cast<std::int32_t>(label);
  return labels;
}

void put_counts(FlatWriter& out, const std::map<double, Index>& counts) {
  out.put(static_cast<std::uint64_t>(counts.size()));
  for (const auto& [label, count] : counts) {
    out.put(label);
    out.put(static_cast<std::int64_t>(count));
  }
}

std::map<double, Index> get_counts(FlatReader& in) {
  std::map<double, Index> counts;
  for (auto left = in.length(sizeof(double) + sizeof(std::int64_t)); left > 0; --left) {
    const auto label = in.get<double>();
    counts[label] = in.get<std::int64_t>();
  }
  return counts;
}

// Few labels: zlib makes a few bits of each.
void put_labels(FlatWriter& out, const std::vector<std::int32_t>& labels) {
  const uLong size = labels.size() * sizeof(std::int32_t);
  std::vector<char> packed(compressBound(size));
  uLongf length = packed.size();
  if (compress2(reinterpret_cast<Bytef*>(packed.data()), &length, reinterpret_cast<const Bytef*>(labels.data()), size,
                6) != Z_OK)
    throw std::bad_alloc();
  out.list(std::span<const char>(packed.data(), length));
}

std::vector<std::int32_t> get_labels(FlatReader& in, std::uint64_t rows) {
  constexpr std::uint64_t largest_factor = 1100;  // of zlib
  const auto packed = in.list<char>();
  if (rows > largest_factor * (packed.size() + 1)) throw MalformedMessage("more rows than it has labels for");
  std::vector<std::int32_t> labels(rows);
  uLongf length = rows * sizeof(std::int32_t);
  const int code = uncompress(reinterpret_cast<Bytef*>(labels.data()), &length,
                              reinterpret_cast<const Bytef*>(packed.data()), packed.size());
  if (code != Z_OK || length != rows * sizeof(std::int32_t)) throw MalformedMessage("its labels are damaged");
  return labels;
}

void put(FlatWriter& out, const FileFacts& facts) {
  for (const std::string* text : {&facts.path, &facts.place, &facts.content, &facts.note})
    out.put(std::string_view(*text));
  out.put(static_cast<std::int32_t>(facts.header));
  out.put(static_cast<std::int32_t>(facts.dimension));
  out.put(static_cast<std::uint8_t>(facts.has_test));
  out.put(static_cast<std::int64_t>(facts.train_rows));
  out.put(static_cast<std::int64_t>(facts.test_rows));
  put_counts(out, facts.train_count);
  put_counts(out, facts.test_count);
  put_labels(out, labels_in_order(facts));
}

FileFacts get_facts(FlatReader& in) {
  FileFacts facts;
  for (std::string* text : {&facts.path, &facts.place, &facts.content, &facts.note}) *text = in.text();
  const auto header = in.get<std::int32_t>();
  if (header < 0 || header > static_cast<std::int32_t>(Header::no)) throw MalformedMessage("an unknown word");
  facts.header = static_cast<Header>(header);
  facts.dimension = in.get<std::int32_t>();
  facts.has_test = in.get<std::uint8_t>() != 0;
  facts.train_rows = in.get<std::int64_t>();
  facts.test_rows = in.get<std::int64_t>();
  if (facts.train_rows < 0 || facts.train_rows > std::numeric_limits<std::int32_t>::max())
    throw MalformedMessage("an impossible number of rows");
  facts.train_count = get_counts(in);
  facts.test_count = get_counts(in);
  const auto labels = get_labels(in, static_cast<std::uint64_t>(facts.train_rows));
  for (std::uint32_t place = 0; place < labels.size(); ++place)
    if (labels[place] != no_class) facts.held_out_places[labels[place]].push_back(place);
  return facts;
}

constexpr std::string_view mark = "files of data 1";

}  // namespace

std::shared_ptr<const FileFacts> find_file(const DataFiles& files, std::string_view path, Header header) {
  const auto found =
      std::ranges::find_if(files, [&](const auto& file) { return file->path == path && file->header == header; });
  return found == files.end() ? nullptr : *found;
}

Bytes pack(const DataFiles& files) {
  FlatWriter out;
  out.put(mark);
  out.put(static_cast<std::uint64_t>(files.size()));
  for (const auto& file : files) put(out, *file);
  Bytes bytes = out.take();
  FlatWriter sum;
  sum.put(hash64(std::string_view(bytes.data(), bytes.size())));
  const Bytes end = sum.take();
  bytes.insert(bytes.end(), end.begin(), end.end());
  return bytes;
}

DataFiles unpack(std::span<const char> bytes) {
  DataFiles files;
  if (bytes.empty()) return files;
  if (bytes.size() < sizeof(std::uint64_t)) throw MalformedMessage("cut off");
  const auto content = bytes.first(bytes.size() - sizeof(std::uint64_t));
  if (FlatReader(bytes.last(sizeof(std::uint64_t))).get<std::uint64_t>() !=
      hash64(std::string_view(content.data(), content.size())))
    throw MalformedMessage("its checksum is wrong");
  FlatReader in(content);
  if (in.text() != mark) throw MalformedMessage("it does not list files of data");
  for (auto left = in.length(sizeof(std::uint64_t)); left > 0; --left)
    files.push_back(std::make_shared<const FileFacts>(get_facts(in)));
  in.expect_end();
  return files;
}

std::string describe(const FileFacts& facts) {
  const std::string test = facts.has_test ? fmt::format(" and {} test rows", facts.test_rows) : "";
  return fmt::format("{}: {} rows{} in {} dimensions{}", facts.path, facts.train_rows, test, facts.dimension,
                     facts.note.empty() ? "" : "; " + facts.note);
}

std::filesystem::path locate(const std::string& path, const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path beside = fs::path(path).is_absolute() ? fs::path(path) : folder / path;
  const bool here = !fs::exists(beside, error) && fs::exists(path, error);
  const fs::path absolute = fs::absolute(here ? fs::path(path) : beside, error);
  return error ? beside : absolute.lexically_normal();
}

}  // namespace fieldscan::data
