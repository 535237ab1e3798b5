#include <string>

#include "../../src/data/file/read.hpp"
#include "catch.hpp"
#include "fixture.hpp"

using namespace fieldscan;
using namespace fieldscan::data;

namespace {

/// A file as one gzip member.
std::string packed(const test::Folder& folder, const std::string& text) {
  std::ifstream in(folder.write_gz("member.gz", text), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string unpacked(const std::string& path) { return read_text(open_source(path), path); }
std::string refusal(const std::string& path) {
  return test::error_of([&] { unpacked(path); });
}

std::string many_rows(int from, int count) {
  std::string text;
  for (int row = from; row < from + count; ++row)
    text += std::to_string(row) + ".25," + std::to_string(std::int64_t{row} * row) + "\n";
  return text;
}

}  // namespace

TEST_CASE("all members of a gzip file are read, with zeros behind the last or without", "[files]") {
  const test::Folder folder("members");
  const std::string a = many_rows(0, 3), b = many_rows(3, 60000), c = many_rows(60003, 2);
  const std::string whole = packed(folder, a) + packed(folder, b) + packed(folder, "") + packed(folder, c);
  const bool same = unpacked(folder.write("whole.csv.gz", whole)) == a + b + c &&
                    unpacked(folder.write("padded.csv.gz", whole + std::string(700, '\0'))) == a + b + c;
  CHECK(same);
  CHECK(unpacked(folder.write("plain.csv", a)) == a);
}

TEST_CASE("damage behind the first member of a gzip file is refused, wherever it is", "[files]") {
  const test::Folder folder("damage");
  const std::string first = packed(folder, many_rows(0, 50)), second = packed(folder, many_rows(50, 50));
  const auto after = [&](const std::string& rest) { return folder.write("data.csv.gz", first + rest); };
  CHECK(refusal(after(second)).empty());
  for (std::size_t at = 0; at < second.size(); ++at) {
    if (at >= 4 && at < 10) continue;  // time, flags of the packer and system: they change no byte of the data
    std::string damaged = second;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
    INFO(at);
    CHECK(test::missing(refusal(after(damaged)), {"data.csv.gz"}).empty());
  }
  for (std::size_t length = 1; length < second.size(); ++length) {
    INFO(length);
    CHECK(test::missing(refusal(after(second.substr(0, length))), {"data.csv.gz"}).empty());
  }
  CHECK(test::missing(refusal(after("1,2\n")), {"data.csv.gz", "no gzip"}).empty());
  CHECK(test::missing(refusal(after(std::string(9, '\0') + "x")), {"data.csv.gz", "no gzip"}).empty());
}

TEST_CASE("an array that ends where its header says is still read to the end of its gzip file", "[files]") {
  const test::Folder folder("trailer");
  std::string bytes = packed(folder, test::idx({30}, std::vector<std::uint8_t>(30, 7)));
  const auto read = [&] {
    const std::string path = folder.write("labels.gz", bytes);
    return test::error_of([&] { read_idx(open_source(path), path); });
  };
  CHECK(read().empty());
  bytes[bytes.size() - 6] = static_cast<char>(bytes[bytes.size() - 6] ^ 1);  // its checksum
  CHECK(test::missing(read(), {"labels.gz", "check"}).empty());
}
