#include "../../src/data/file/read.hpp"
#include "catch.hpp"
#include "fieldscan/core/canonical.hpp"
#include "fieldscan/core/hash.hpp"
#include "fieldscan/data/draw.hpp"
#include "fixture.hpp"

using namespace fieldscan;
using namespace fieldscan::data;

namespace {

const std::string mark = "\xEF\xBB\xBF";
const std::string rows = "1,2,0\n3,4.5,1\n5,6,0\n7,8,1\n";

CsvTable parsed(const std::string& text, Header header = Header::automatic) { return parse_csv(text, "t.csv", header); }
std::string refusal(const std::string& text, Header header = Header::automatic) {
  return test::error_of([&] { parsed(text, header); });
}

/// Whether it has the four rows, and took such a line for the header.
bool reads_rows(const std::string& text, const std::string& header, Header choice = Header::automatic) {
  const CsvTable csv = parsed(text, choice);
  return csv.header == header && csv.table.rows == 4 && csv.table.dimension == 2 &&
         std::get<std::vector<double>>(csv.table.values) == std::vector<double>{1, 2, 3, 4.5, 5, 6, 7, 8} &&
         csv.table.label == std::vector<double>{0, 1, 0, 1};
}

}  // namespace

TEST_CASE("no row is dropped and no header is read as one", "[files][csv]") {
  CHECK(reads_rows(rows, ""));
  CHECK(reads_rows(mark + rows, ""));
  CHECK(reads_rows("\n\r\n" + rows, ""));
  for (const std::string header :
       {"a,b,label", "\"a\",\"b\",\"label\"", "x 1, x 2 ,y", "# written by hand", "# 0,1,2", "Table of points"}) {
    INFO(header);
    CHECK(reads_rows(header + "\n" + rows, header));
    CHECK(reads_rows(mark + header + "\r\n" + rows, header));
  }
  // What can be meant either way is asked, and told where.
  for (const std::string line :
       {"nan,2,0", ",2,0", "1,,0", "1,nan,0", "inf,1,0", "1,2,", "x,2,0", "1e999,2,0", "0x10,2,1"}) {
    INFO(line);
    CHECK(test::missing(refusal(line + "\n" + rows), {"t.csv:1", "header: true", "false"}) == "");
    CHECK(test::missing(refusal(mark + "\n" + line + "\n" + rows), {"t.csv:2", "header: true"}) == "");
    CHECK(test::missing(refusal(line + "\n" + rows, Header::no), {"t.csv:1: column"}) == "");
    CHECK(reads_rows(line + "\n" + rows, line, Header::yes));
  }
  for (const std::string line : {"0,1,2", "\"0\",\"1\",\"2\"", "\"2019\",\"2020\",\"2021\""}) {
    INFO(line);
    CHECK(test::missing(refusal(line + "\n" + rows), {"t.csv:1", "header: true"}) == "");
    CHECK(reads_rows(line + "\n" + rows, line, Header::yes));
    CHECK(parsed(line + "\n" + rows, Header::no).table.rows == 5);
  }
  CHECK(parsed("0,1,2.5\n" + rows).table.rows == 5);
  CHECK(test::missing(refusal(",a,label\n0,1,1\n1,2,0\n"), {"t.csv:1", "index"}) == "");
  CHECK(test::missing(refusal("a,label\n0,1,1\n1,2,0\n"), {"t.csv:1", "2 cells", "3"}) == "");
  // Further down nothing is a header.
  for (const std::string line : {"nan,2,0", ",2,0", "a,b,label", "1;2;0"}) {
    INFO(line);
    for (const Header header : {Header::automatic, Header::yes, Header::no})
      CHECK(test::missing(refusal(rows + rows + line + "\n", header), {"t.csv:9"}) == "");
  }
  CHECK(test::missing(refusal("1;2;0\n3;4;1\n"), {"commas"}) == "");
  CHECK(test::missing(refusal("\xFF\xFE"
                              "1,2"),
                      {"UTF-16"}) == "");
  CHECK(test::missing(refusal("a,b,label\n"), {"no rows", "header"}) == "");
  CHECK(test::missing(refusal(""), {"no rows"}) == "");
}

TEST_CASE("the header is told, part of the identity, and no other reading hides behind a former one", "[files][csv]") {
  const test::Folder folder("headers");
  const auto facts = [&](const std::string& text, Header header = Header::automatic) {
    InputChoice input = File{.path = folder.write("t.csv", text), .header = header};
    resolve(input);
    return *std::get<File>(input).facts;
  };
  CHECK(test::missing(describe(facts("a,b,label\n" + rows)), {"t.csv", "4 rows", "line 1 is the header: a,b,label"}) ==
        "");
  CHECK(describe(facts(rows)).find("is the header") == std::string::npos);
  const auto text = [&](Header header) {
    return canonical_text("input", InputChoice(File{.path = folder.write("t.csv", rows), .header = header}));
  };
  CHECK(text(Header::automatic).find("header") == std::string::npos);
  CHECK(text(Header::yes) != text(Header::no));
  CHECK(text(Header::no) != text(Header::automatic));
  // Earlier versions dropped the row behind a mark, under the key of the bytes.
  const std::string of_bytes = hash128("csv=" + hash128(mark + rows).hex() + "\n").hex();
  CHECK(facts(mark + rows).content != of_bytes);
  CHECK(facts(mark + rows, Header::yes).content == of_bytes);
  CHECK(facts(rows).content == hash128("csv=" + hash128(rows).hex() + "\n").hex());
  CHECK_THROWS_AS(load_pool(File{.path = folder.path(), .header = Header::yes}), EnvironmentError);
}
