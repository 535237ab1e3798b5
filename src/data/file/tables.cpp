#include <fmt/format.h>

#include <array>
#include <filesystem>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/hash.hpp"
#include "read.hpp"

namespace fieldscan::data {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view how_to_get =
    "install Fashion-MNIST with: apt install dataset-fashion-mnist (folder /usr/share/datasets/fashion-mnist), or set "
    "data.input.path to a folder with idx files, with x.npy and y.npy, or to a .csv file";

bool is_csv(const std::string& path) { return fs::path(path).extension() == ".csv"; }
bool is_npy(const std::string& path) { return fs::exists(fs::path(path) / "x.npy"); }

// The idx file of a name in a folder, plain or compressed; empty where there is none.
std::string find_idx(const std::string& folder, const std::string& name) {
  for (const char* ending : {"", ".gz"})
    if (const fs::path path = fs::path(folder) / (name + ending); fs::exists(path)) return path.string();
  return {};
}
std::string need_idx(const std::string& folder, const std::string& name) {
  std::string path = find_idx(folder, name);
  if (path.empty()) throw EnvironmentError(fmt::format("{}: has no {} nor {}.gz; {}", folder, name, name, how_to_get));
  return path;
}

void check_exists(const std::string& path) {
  std::error_code error;
  if (path.empty() || !fs::exists(path, error))
    throw EnvironmentError(fmt::format("data.input.path '{}': does not exist; {}", path, how_to_get));
}

// Content keys do not depend on compression: .gz and plain files are the same data.
struct Content {
  std::string text;
  std::string add(std::string_view name, const std::string& path) {
    std::string bytes = read_bytes(path);
    text += fmt::format("{}={}\n", name, hash128(bytes).hex());
    return bytes;
  }
  std::string key() const { return hash128(text).hex(); }
};

Table read_idx_pair(Content& content, const std::string& folder, const std::string& part) {
  const std::string images = need_idx(folder, part + "-images-idx3-ubyte"),
                    labels = need_idx(folder, part + "-labels-idx1-ubyte");
  const std::string image_bytes = content.add(part + "-images", images);
  return parse_idx(image_bytes, images, content.add(part + "-labels", labels), labels);
}

Tables read_idx(const std::string& folder) {
  Tables tables;
  Content content;
  tables.train = read_idx_pair(content, folder, "train");
  if (!find_idx(folder, "t10k-images-idx3-ubyte").empty()) {
    tables.test = read_idx_pair(content, folder, "t10k");
    if (tables.test->dimension != tables.train.dimension)
      throw EnvironmentError(folder + ": training and test images have different sizes; fetch the files again");
  }
  tables.content = content.key();
  return tables;
}

Tables read_npy(const std::string& folder) {
  Tables tables;
  Content content;
  const std::string x_path = folder + "/x.npy", y_path = folder + "/y.npy";
  NpyArray x = parse_npy(content.add("x", x_path), x_path), y = parse_npy(content.add("y", y_path), y_path);
  if (x.shape.size() < 2 || x.values.empty())
    throw EnvironmentError(x_path + ": needs the shape [points × dimension …] with at least one point");
  if (y.values.size() != static_cast<std::size_t>(x.shape[0]))
    throw EnvironmentError(
        fmt::format("{}: has {} labels where {} has {} points", y_path, y.values.size(), x_path, x.shape[0]));
  tables.train = {.rows = x.shape[0],
                  .dimension = static_cast<int>(x.values.size() / y.values.size()),
                  .values = std::move(x.values),
                  .label = std::move(y.values)};
  tables.content = content.key();
  return tables;
}

}  // namespace

Tables read_tables(const std::string& path) {
  check_exists(path);
  if (is_npy(path)) return read_npy(path);
  if (!is_csv(path)) return read_idx(path);
  Tables tables;
  Content content;
  tables.train = parse_csv(content.add("csv", path), path);
  tables.content = content.key();
  return tables;
}

FileFacts read_facts(const std::string& path) {
  const Tables tables = read_tables(path);
  FileFacts facts{.path = path,
                  .content = tables.content,
                  .dimension = tables.train.dimension,
                  .has_test = tables.test.has_value(),
                  .train_count = {},
                  .test_count = {}};
  for (const double label : tables.train.label) ++facts.train_count[label];
  if (tables.test)
    for (const double label : tables.test->label) ++facts.test_count[label];
  return facts;
}

int read_dimension(const std::string& path) {
  check_exists(path);
  if (is_npy(path) || is_csv(path)) return read_tables(path).train.dimension;
  const std::string images = need_idx(path, "train-images-idx3-ubyte");
  const IdxHeader header = parse_idx_header(read_head(images, 64), images);
  std::size_t dimension = 1;
  for (std::size_t i = 1; i < header.sizes.size(); ++i) dimension *= header.sizes[i];
  return static_cast<int>(dimension);
}

}  // namespace fieldscan::data
