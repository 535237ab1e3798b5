#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <random>

#include "../../src/data/file/read.hpp"
#include "catch.hpp"
#include "fieldscan/data/draw.hpp"
#include "fixture.hpp"

using namespace fieldscan;
using namespace fieldscan::data;

namespace {

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t n) { return n == 0 ? 0 : random() % n; }

/// Pieces that readers of these formats stumble over.
const std::vector<std::string> pieces{"\xEF\xBB\xBF",
                                      "\n",
                                      "\r\n",
                                      "\r",
                                      ",",
                                      ",,",
                                      "\"",
                                      "#",
                                      "nan",
                                      "inf",
                                      "-",
                                      "1e999",
                                      "0x1p3",
                                      "1e-320",
                                      " ",
                                      "\t",
                                      ";",
                                      "a,b,c\n",
                                      "0,1,2\n",
                                      "'descr'",
                                      "'fortran_order'",
                                      "'shape'",
                                      "True",
                                      "False",
                                      "(",
                                      ")",
                                      "[",
                                      "]",
                                      "{",
                                      "}",
                                      ":",
                                      "'<f8'",
                                      "'>c16'",
                                      "99999999999999999999",
                                      std::string("\0\0\x08\x03", 4),
                                      std::string("\0\0\x0D\x01", 4),
                                      std::string("\xFF\xFF\xFF\xFF", 4),
                                      std::string("\x7F\xFF\xFF\xFF", 4),
                                      std::string(8, '\0'),
                                      "PK\x03\x04",
                                      "PK\x05\x06",
                                      "\x1F\x8B\x08",
                                      "\x93NUMPY\x01"};

std::string mutated(std::string bytes, Random& random) {
  for (std::size_t times = 1 + below(random, 4); times > 0; --times) {
    const std::size_t at = below(random, bytes.size() + 1),
                      length = below(random, 1 + std::min<std::size_t>(bytes.size() - at, 40));
    switch (below(random, 6)) {
      case 0:
        if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(random, 8)));
        break;
      case 1:
        if (at < bytes.size()) bytes[at] = static_cast<char>(random());
        break;
      case 2:
        bytes.insert(at, pieces[below(random, pieces.size())]);
        break;
      case 3:
        bytes.erase(at, length);
        break;
      case 4:
        bytes.insert(at, bytes.substr(below(random, bytes.size() + 1), length));
        break;
      default:
        bytes.resize(at);
    }
  }
  return bytes;
}

std::string read_back(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// One file of data: where it is in the folder, which path is read for it, and sound bytes.
struct Seed {
  std::string file, path, bytes;
};

std::vector<Seed> make_seeds(const test::Folder& folder) {
  const std::string x = test::npy("<f4", "4, 2", std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8});
  const std::string y = test::npy(">i2", "4,", std::vector<std::int16_t>{0, 256, 0, 256});
  const std::string csv = "a,b,label\n1,2,0\n3,4.5,1\r\n5,-6e3,0\n7,8,1\n";
  const std::string npz = test::write_npz(folder, "t.npz", {{"x.npy", x}, {"y.npy", y}}, test::Packing::deflated);
  const std::string gz = folder.write_gz("t.csv.gz", csv);
  std::filesystem::create_directory(folder.path() + "/arrays");
  folder.write("arrays/x.npy", x);
  folder.write("arrays/y.npy", y);
  std::filesystem::create_directory(folder.path() + "/images");
  const std::string images = test::idx({4, 2, 1}, {1, 2, 3, 4, 5, 6, 7, 8}), labels = test::idx({4}, {0, 1, 0, 1});
  folder.write("images/train-images-idx3-ubyte", images);
  folder.write("images/train-labels-idx1-ubyte", labels);
  folder.write("t.csv", csv);
  return {{"t.csv", "t.csv", csv},
          {"t.csv.gz", "t.csv.gz", read_back(gz)},
          {"t.npz", "t.npz", read_back(npz)},
          {"arrays/x.npy", "arrays", x},
          {"arrays/y.npy", "arrays", y},
          {"images/train-images-idx3-ubyte", "images", images},
          {"images/train-labels-idx1-ubyte", "images", labels}};
}

/// Reads or refuses: a refusal names the file, and is a sentence for people.
void read_or_refuse(const std::string& path) {
  try {
    const Tables tables = read_tables(path, Header::automatic);
    const auto count = std::visit([](const auto& values) { return values.size(); }, tables.train.values);
    REQUIRE(tables.train.rows > 0);
    REQUIRE(count == static_cast<std::size_t>(tables.train.rows) * static_cast<std::size_t>(tables.train.dimension));
    REQUIRE(tables.train.label.size() == static_cast<std::size_t>(tables.train.rows));
  } catch (const EnvironmentError& error) {
    const std::string text = error.what();
    INFO(text);
    REQUIRE(text.find(path) != std::string::npos);
    REQUIRE(std::ranges::none_of(text, [](char c) { return c >= 0 && c < ' '; }));
  }
}

/// Mutations of every seed for so many rounds, or until the time is over. How many files these were.
std::uint64_t fuzz(std::uint64_t first, std::uint64_t rounds, double seconds) {
  const test::Folder folder("fuzz");
  const auto seeds = make_seeds(folder);
  const auto start = std::chrono::steady_clock::now();
  const auto passed = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
  std::uint64_t round = first;
  for (; round < first + rounds && passed() < seconds; ++round)
    for (const Seed& seed : seeds) {
      Random random(round);
      const std::string path = folder.path() + "/" + seed.path;
      folder.write(seed.file, mutated(seed.bytes, random));
      INFO("round " << round << " of " << seed.file);
      const double before = passed();
      read_or_refuse(path);
      REQUIRE(passed() - before < 60);  // a hang, not a busy machine
      folder.write(seed.file, seed.bytes);
    }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  CHECK(usage.ru_maxrss < 2'000'000);  // kB
  return (round - first) * seeds.size();
}

}  // namespace

TEST_CASE("no bytes make a reader of data crash, hang or grow, and every refusal names its file", "[files][fuzz]") {
  CHECK(fuzz(0, 400, 1e9) == 2800);
}

TEST_CASE("the same for FIELDSCAN_FUZZ_SECONDS", "[.fuzz]") {
  const char *seconds = std::getenv("FIELDSCAN_FUZZ_SECONDS"), *seed = std::getenv("FIELDSCAN_FUZZ_SEED");
  const std::uint64_t first = seed ? std::strtoull(seed, nullptr, 10) : std::random_device{}();
  INFO("FIELDSCAN_FUZZ_SEED=" << first);
  const std::uint64_t files = fuzz(first, std::numeric_limits<std::uint32_t>::max(), seconds ? std::atof(seconds) : 10);
  WARN(files << " files of data, from FIELDSCAN_FUZZ_SEED=" << first << ": all were read or refused");
}
