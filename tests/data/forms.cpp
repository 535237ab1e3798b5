#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "../../src/data/file/read.hpp"
#include "catch.hpp"
#include "fieldscan/data/draw.hpp"
#include "fixture.hpp"

using namespace fieldscan;
using namespace fieldscan::data;

namespace {

const std::vector<double> points{1, 2, 3, 4, 5, 6, 7, 8}, labels{0, 1, 0, 1};
std::string x_npy() { return test::npy("<f8", "4, 2", points); }
std::string y_npy() { return test::npy("<f8", "4,", labels); }
const std::string rows = "1,2,0\n3,4,1\n5,6,0\n7,8,1\n";

std::string refusal(const std::string& path) {
  return test::error_of([&] { read_tables(path, Header::automatic); });
}

std::vector<double> values(const std::string& path) {
  return std::get<std::vector<double>>(read_tables(path, Header::automatic).train.values);
}

/// Bytes packed by gzip as often as needed: a file of some kilobytes that unpacks to so many megabytes.
std::string write_bomb(const test::Folder& folder, const std::string& name, const std::string& head, int megabytes) {
  const std::string path = folder.path() + "/" + name;
  gzFile file = gzopen(path.c_str(), "wb9");
  gzwrite(file, head.data(), static_cast<unsigned>(head.size()));
  const std::string zeros(1 << 20, '\0');
  for (int k = 0; k < megabytes; ++k) gzwrite(file, zeros.data(), static_cast<unsigned>(zeros.size()));
  gzclose(file);
  return path;
}

}  // namespace

TEST_CASE("the same data in every form and packing", "[files][forms]") {
  const test::Folder folder("forms");
  std::filesystem::create_directory(folder.path() + "/arrays");
  folder.write("arrays/x.npy", x_npy());
  folder.write("arrays/y.npy", y_npy());
  const std::vector<std::string> paths{
      folder.write("table.csv", rows),
      folder.write("TABLE.CSV", rows),
      folder.write_gz("packed.csv.gz", rows),
      folder.write_gz("misnamed.csv", rows),
      folder.path() + "/arrays",
      test::write_npz(folder, "stored.npz", {{"x.npy", x_npy()}, {"y.npy", y_npy()}}, test::Packing::stored),
      test::write_npz(folder, "deflated.NPZ", {{"y.npy", y_npy()}, {"more.npy", "-"}, {"X.npy", x_npy()}},
                      test::Packing::deflated)};
  for (const std::string& path : paths) {
    INFO(path);
    CHECK(values(path) == points);
    CHECK(read_tables(path, Header::automatic).train.label == labels);
  }
  for (std::size_t k = 1; k < 4; ++k)
    CHECK(read_tables(paths[k], Header::automatic).content == read_tables(paths[0], Header::automatic).content);
  for (std::size_t k = 5; k < 7; ++k)
    CHECK(read_tables(paths[k], Header::automatic).content == read_tables(paths[4], Header::automatic).content);

  const std::string split =
      test::write_npz(folder, "mnist.npz",
                      {{"x_test.npy", test::npy("|u1", "1, 1, 2", std::vector<std::uint8_t>{9, 8})},
                       {"y_test.npy", test::npy("|u1", "1,", std::vector<std::uint8_t>{1})},
                       {"x_train.npy", x_npy()},
                       {"y_train.npy", y_npy()}},
                      test::Packing::deflated);
  const Tables parts = read_tables(split, Header::automatic);
  REQUIRE(parts.test);
  CHECK(std::get<std::vector<double>>(parts.test->values) == std::vector<double>{9, 8});
}

TEST_CASE("idx files with a dot in their names, and of other numbers", "[files][forms]") {
  const test::Folder folder("dotted");
  test::write_images(folder, 30, 12);
  const Tables hyphens = read_tables(folder.path(), Header::automatic);
  for (const std::string part : {"train", "t10k"})
    for (const std::string rest : {"images-idx3-ubyte.gz", "labels-idx1-ubyte"}) {
      std::string dotted = rest;
      dotted[rest.find("-idx")] = '.';
      std::filesystem::rename(folder.path() + "/" + part + "-" + rest, folder.path() + "/" + part + "-" + dotted);
    }
  const Tables dots = read_tables(folder.path(), Header::automatic);
  CHECK(dots.content == hyphens.content);
  CHECK(dots.test->label == hyphens.test->label);

  const test::Folder floats("floats");
  std::string images = test::idx({2, 1, 3}, {});
  images[2] = 0x0D;
  for (const float value : {0.5F, -1.0F, 2.0F, 0.0F, 3.0F, 4.0F}) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (int shift = 24; shift >= 0; shift -= 8) images += static_cast<char>(bits >> shift & 0xff);
  }
  floats.write("train-images-idx3-ubyte", images);
  floats.write("train-labels-idx1-ubyte", test::idx({2}, {0, 1}));
  CHECK(values(floats.path()) == std::vector<double>{0.5, -1, 2, 0, 3, 4});
  images[2] = 0x07;
  floats.write("train-images-idx3-ubyte", images);
  CHECK(test::missing(refusal(floats.path()), {"train-images-idx3-ubyte", "third byte", "07"}) == "");
}

TEST_CASE("what is no data says what it is and what would be", "[files][forms]") {
  const test::Folder folder("no-data");
  const auto wrong = [&](const std::string& name, const std::string& bytes, const std::vector<std::string>& words) {
    const std::string text = refusal(folder.write(name, bytes));
    INFO(text);
    CHECK(text.find("Fashion-MNIST") == std::string::npos);
    CHECK(text.find("dataset-fashion-mnist") == std::string::npos);
    CHECK(test::missing(text, words) == "");
  };
  for (const char* name :
       {"data.txt", "data.tsv", "data", "data.dat", "data.h5", "data.zip", "data.gz", "data.csv.bz2", "data.parquet"})
    wrong(name, rows, {name, "ending", ".csv", ".npz"});
  wrong("lonely.npy", x_npy(), {"one array", "numpy.savez"});
  wrong("train-images-idx3-ubyte", "", {"idx files", folder.path()});
  wrong("t10k-labels.idx1-ubyte.gz", "", {"idx files", folder.path()});
  std::filesystem::remove(folder.path() + "/train-images-idx3-ubyte");
  CHECK(test::missing(refusal(folder.write("x.npy", x_npy())), {"one array"}) == "");
  CHECK(test::missing(refusal(folder.path()), {"x.npy and no y.npy"}) == "");
  folder.write("y.npy", y_npy());
  CHECK(test::missing(refusal(folder.path() + "/x.npy"), {"name the folder: " + folder.path()}) == "");
  wrong("not.npz", rows, {"not.npz", "numpy.savez"});
  test::write_npz(folder, "others.npz", {{"arr_0.npy", x_npy()}, {"arr_1.npy", y_npy()}}, test::Packing::stored);
  CHECK(test::missing(refusal(folder.path() + "/others.npz"), {"named x and y", "arr_0.npy"}) == "");
  test::write_npz(folder, "nan.npz",
                  {{"x.npy", test::npy("<f8", "2, 2", std::vector<double>{1, 2, 3, NAN})}, {"y.npy", y_npy()}},
                  test::Packing::stored);
  CHECK(test::missing(refusal(folder.path() + "/nan.npz"), {"nan.npz", "entry 1 of row 1"}) == "");
  const test::Folder tables("tables-inside");
  tables.write("mine.csv", rows);
  CHECK(test::missing(refusal(tables.path()), {"mine.csv: name the file"}) == "");
  CHECK(test::missing(refusal("~/data.csv"), {"'~'", "in full"}) == "");
  CHECK(test::missing(refusal(folder.path() + "/" + std::string(300, 'x')), {"File name too long"}) == "");
  CHECK(test::missing(refusal(""), {"empty"}) == "");
  std::filesystem::create_symlink("loop.csv", folder.path() + "/loop.csv");
  CHECK(test::missing(refusal(folder.path() + "/loop.csv"), {"loop.csv", "symbolic links"}) == "");
  std::filesystem::create_directory(folder.path() + "/folder.csv");
  CHECK(test::missing(refusal(folder.path() + "/folder.csv"), {"folder.csv", "neither"}) == "");
}

TEST_CASE("what may never end is not opened: pipes, devices, sockets", "[files][forms]") {
  const test::Folder folder("endless");
  const std::string pipe = folder.path() + "/pipe.csv", socket_path = folder.path() + "/socket.csv";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(test::missing(refusal(pipe), {"pipe.csv", "a pipe", "a file"}) == "");
  const int made = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  REQUIRE(socket_path.size() < sizeof address.sun_path);
  std::strcpy(address.sun_path, socket_path.c_str());
  REQUIRE(bind(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  CHECK(test::missing(refusal(socket_path), {"socket.csv", "a socket"}) == "");
  close(made);
  for (const char* device : {"/dev/zero", "/dev/null"})
    CHECK(test::missing(refusal(device), {device, "a device"}) == "");
  std::filesystem::create_symlink("/dev/zero", folder.path() + "/link.csv");
  CHECK(test::missing(refusal(folder.path() + "/link.csv"), {"link.csv", "a device"}) == "");
  // Inside a folder too.
  REQUIRE(mkfifo((folder.path() + "/x.npy").c_str(), 0600) == 0);
  folder.write("y.npy", y_npy());
  CHECK(test::missing(refusal(folder.path()), {"x.npy", "no regular file"}) == "");
  const test::Folder images("endless-images");
  test::write_images(images, 30, 12);
  images.remove("train-labels-idx1-ubyte");
  std::filesystem::create_symlink("/dev/zero", images.path() + "/train-labels-idx1-ubyte");
  CHECK(test::missing(refusal(images.path()), {"train-labels-idx1-ubyte", "no regular file"}) == "");
}

TEST_CASE("what unpacks to far more than data do is given up", "[files][forms]") {
  const test::Folder folder("bombs");
  CHECK(test::missing(refusal(write_bomb(folder, "zeros.csv", "", 100)), {"zeros.csv", "zero"}) == "");
  const std::string spaces = folder.path() + "/spaces.csv.gz";
  gzFile file = gzopen(spaces.c_str(), "wb9");
  const std::string blank(1 << 20, ' ');
  for (int k = 0; k < 100; ++k) gzwrite(file, blank.data(), static_cast<unsigned>(blank.size()));
  gzclose(file);
  CHECK(test::missing(refusal(spaces), {"spaces.csv.gz"}) == "");
  // A header that tells the truth about a bomb: 100 MB of images in 100 kB.
  std::filesystem::create_directory(folder.path() + "/images");
  write_bomb(folder, "images/train-images-idx3-ubyte.gz", test::idx({102400, 32, 32}, {}), 100);
  folder.write("images/train-labels-idx1-ubyte", test::idx({102400}, std::vector<std::uint8_t>(102400, 1)));
  CHECK(test::missing(refusal(folder.path() + "/images"), {"200 times", "gunzip"}) == "");
  // Headers that lie: nothing is allocated that is not there.
  folder.write("images/train-images-idx3-ubyte.gz", test::idx({0xFFFFFFFF, 0xFFFF, 0xFFFF}, {}));
  CHECK(test::missing(refusal(folder.path() + "/images"), {"train-images"}) == "");
  std::filesystem::create_directory(folder.path() + "/arrays");
  folder.write("arrays/x.npy", test::npy("<f8", "4000000000, 1000000", points));
  folder.write("arrays/y.npy", y_npy());
  CHECK(test::missing(refusal(folder.path() + "/arrays"), {"x.npy"}) == "");
  // A sparse file as large as a disk.
  const std::string sparse = folder.write("sparse.csv", "1,2,3\n");
  std::filesystem::resize_file(sparse, std::uintmax_t{1} << 40);
  CHECK(test::missing(refusal(sparse), {"sparse.csv"}) == "");
}
