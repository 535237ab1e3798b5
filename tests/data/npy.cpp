#include "../../src/data/file/read.hpp"
#include "catch.hpp"
#include "fieldscan/core/hash.hpp"
#include "fieldscan/data/draw.hpp"
#include "fixture.hpp"

using namespace fieldscan;
using namespace fieldscan::data;

namespace {

/// A file of a version, with a header as it is given.
std::string npy_with(const std::string& header, const std::string& data, int version = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += static_cast<char>(version);
  bytes += '\0';
  for (int k = 0; k < (version == 1 ? 2 : 4); ++k) bytes += static_cast<char>(header.size() >> 8 * k & 0xff);
  return bytes + header + data;
}

template <class T>
std::string raw(const std::vector<T>& values, bool swapped = false) {
  std::string bytes(values.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  if (swapped)
    for (std::size_t k = 0; k < bytes.size(); k += sizeof(T))
      std::reverse(bytes.begin() + k, bytes.begin() + k + sizeof(T));
  return bytes;
}

std::vector<double> values(const std::string& type, const std::string& data, std::size_t count) {
  return parse_npy(
             npy_with("{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + std::to_string(count) + ",), }",
                      data),
             "x.npy")
      .values;
}

const std::vector<double> six{1, 2, 3, 4, 5, 6};

}  // namespace

TEST_CASE("a NPY header is a Python dictionary, however it is written", "[files][npy]") {
  for (const std::string order : {"False", "True"})
    for (const std::string header : {"{'descr': '<f8', 'fortran_order': ORDER, 'shape': (2, 3), }",
                                     "{'descr':'<f8','fortran_order':ORDER,'shape':(2,3)}",
                                     "{'fortran_order':ORDER,'shape':(2,3,),'descr':\"<f8\"}",
                                     "{ 'shape' : ( 2 , 3 ) , \"fortran_order\" : ORDER,\n'descr': '<f8'}   \n",
                                     "{'shape': (2L, 3L), 'fortran_order':\tORDER , 'descr': '=f8'}"})
      for (const int version : {1, 2, 3}) {
        std::string text = header;
        text.replace(text.find("ORDER"), 5, order);
        INFO(text);
        const NpyArray array = parse_npy(npy_with(text, raw(six), version), "x.npy");
        CHECK(array.shape == std::vector<Index>{2, 3});
        CHECK(array.fortran_order == (order == "True"));
        CHECK(array.values == (order == "True" ? std::vector<double>{1, 3, 5, 2, 4, 6} : six));
      }
  // Three indices: entry (i, j, k) of shape (2, 1, 3) lies at i + 2 (j + k).
  const NpyArray deep = parse_npy(npy_with("{'descr':'<f8','fortran_order':True,'shape':(2,1,3)}", raw(six)), "x.npy");
  CHECK(deep.values == std::vector<double>{1, 3, 5, 2, 4, 6});
}

TEST_CASE("numbers of all types and both orders of bytes", "[files][npy]") {
  CHECK(values("<f8", raw(six), 6) == six);
  CHECK(values(">f8", raw(six, true), 6) == six);
  CHECK(values(">f4", raw(std::vector<float>{1.5F, -2}, true), 2) == std::vector<double>{1.5, -2});
  CHECK(values("<f2", raw(std::vector<std::uint16_t>{0x3C00, 0xC000, 0x3555, 0x0001, 0x7BFF, 0x8000}), 6) ==
        std::vector<double>{1, -2, 0.333251953125, std::ldexp(1.0, -24), 65504, 0});
  CHECK(values("|i1", raw(std::vector<std::int8_t>{-128, 127}), 2) == std::vector<double>{-128, 127});
  CHECK(values("|u1", raw(std::vector<std::uint8_t>{0, 255}), 2) == std::vector<double>{0, 255});
  CHECK(values(">i2", raw(std::vector<std::int16_t>{-32768, 300}, true), 2) == std::vector<double>{-32768, 300});
  CHECK(values("<u2", raw(std::vector<std::uint16_t>{65535}), 1) == std::vector<double>{65535});
  CHECK(values(">i4", raw(std::vector<std::int32_t>{-7, 1 << 30}, true), 2) == std::vector<double>{-7, 1 << 30});
  CHECK(values("<u4", raw(std::vector<std::uint32_t>{4294967295U}), 1) == std::vector<double>{4294967295.0});
  CHECK(values("<i8", raw(std::vector<std::int64_t>{-1, 1LL << 52}), 2) == std::vector<double>{-1, 4503599627370496.0});
  CHECK(values(">u8", raw(std::vector<std::uint64_t>{1ULL << 63}, true), 1) ==
        std::vector<double>{9223372036854775808.0});
  CHECK(values("|b1", std::string("\0\1", 2), 2) == std::vector<double>{0, 1});
}

TEST_CASE("what a NPY file has that can not be read is named", "[files][npy]") {
  const auto refusal = [](const std::string& bytes) { return test::error_of([&] { parse_npy(bytes, "x.npy"); }); };
  const auto of_header = [&](const std::string& header) { return refusal(npy_with(header, raw(six))); };
  const auto of_type = [&](const std::string& type) {
    return of_header("{'descr': " + type + ", 'fortran_order': False, 'shape': (6,)}");
  };
  CHECK(test::missing(of_type("'<c16'"), {"x.npy", "<c16", "complex"}) == "");
  CHECK(test::missing(of_type("'|O'"), {"|O", "objects"}) == "");
  CHECK(test::missing(of_type("'<U8'"), {"<U8", "texts"}) == "");
  CHECK(test::missing(of_type("'<M8[ns]'"), {"<M8[ns]", "dates"}) == "");
  CHECK(test::missing(of_type("'<f16'"), {"<f16", "longer than a double"}) == "");
  CHECK(test::missing(of_type("[('a', '<f8'), ('b', '<i4')]"), {"[('a', '<f8'), ('b', '<i4')]", "several fields"}) ==
        "");
  for (const std::string header :
       {"", "{", "{}", "{'descr': '<f8'}", "{'descr': '<f8', 'fortran_order': 0, 'shape': (6,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': 6}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (6,)",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-6,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (6,)} x",
        "{'descr': '<f8', 'descr': '<f4', 'fortran_order': False, 'shape': (6,)}",
        "{'descr': '<f8', 'fortran_order': Falsehood, 'shape': (6,)}",
        "{'descr': '<f8 'fortran_order': False, 'shape': (6,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}"}) {
    INFO(header);
    CHECK(test::missing(of_header(header), {"x.npy", "header"}) == "");
  }
  CHECK(test::missing(refusal(npy_with("{}", "", 4)), {"version 4.0"}) == "");
  CHECK(test::missing(refusal("\x93NUMPZ\1"), {"does not start with"}) == "");
}

TEST_CASE("arrays in Fortran order are not the data that former versions read from them", "[files][npy]") {
  const test::Folder folder("fortran");
  const auto content = [&](const std::string& order) {
    folder.write("x.npy", npy_with("{'descr':'<f8','fortran_order':" + order + ",'shape':(2,3)}", raw(six)));
    folder.write("y.npy", test::npy("<f8", "2,", std::vector<double>{0, 1}));
    return read_tables(folder.path(), Header::automatic);
  };
  const Tables fortran = content("True");
  CHECK(std::get<std::vector<double>>(fortran.train.values) == std::vector<double>{1, 3, 5, 2, 4, 6});
  const std::string x = hash128(npy_with("{'descr':'<f8','fortran_order':True,'shape':(2,3)}", raw(six))).hex();
  const std::string y = hash128(test::npy("<f8", "2,", std::vector<double>{0, 1})).hex();
  CHECK(fortran.content != hash128("x=" + x + "\ny=" + y + "\n").hex());
}
