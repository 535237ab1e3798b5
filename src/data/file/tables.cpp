#include <fmt/format.h>

#include <map>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/hash.hpp"
#include "read.hpp"

namespace fieldscan::data {
namespace {

// Content keys do not depend on compression: .gz, .npz and plain files are the same data.
struct Content {
  std::string text;
  void add(std::string_view name, std::string_view bytes) {
    text += fmt::format("{}={}\n", name, hash128(bytes).hex());
  }
  /// What the bytes alone do not say.
  void note(std::string_view what) { text += fmt::format("{}\n", what); }
  std::string key() const { return hash128(text).hex(); }
};

std::string need_idx(const std::string& folder, const std::string& part) {
  std::string path = find_idx(folder, part);
  if (path.empty())
    throw EnvironmentError(fmt::format("{}: has no {}-{}-ubyte (or with .gz), which belongs to the others there",
                                       folder, part, part.ends_with("images") ? "idx3" : "idx1"));
  return path;
}

Table read_idx_pair(Content& content, const std::string& folder, const std::string& part) {
  const std::string images = need_idx(folder, part + "-images"), labels = need_idx(folder, part + "-labels");
  const std::string image_bytes = read_idx(open_source(images), images);
  content.add(part + "-images", image_bytes);
  const std::string label_bytes = read_idx(open_source(labels), labels);
  content.add(part + "-labels", label_bytes);
  return parse_idx(image_bytes, images, label_bytes, labels);
}

void check_same_size(const Tables& tables, const std::string& path) {
  if (tables.test->dimension != tables.train.dimension)
    throw EnvironmentError(
        fmt::format("{}: training points have {} coordinates and test points {}; they do not belong together", path,
                    tables.train.dimension, tables.test->dimension));
}

Tables read_idx_folder(const std::string& folder) {
  Tables tables;
  Content content;
  tables.train = read_idx_pair(content, folder, "train");
  if (!find_idx(folder, "t10k-images").empty()) {
    tables.test = read_idx_pair(content, folder, "t10k");
    check_same_size(tables, folder);
  }
  tables.content = content.key();
  return tables;
}

// An array and its part of the content. The order of axes counts: earlier versions took no notice of it in some
// headers.
NpyArray take_array(Content& content, const std::string& name, const std::string& bytes, const std::string& shown) {
  content.add(name, bytes);
  NpyArray array = parse_npy(bytes, shown);
  if (array.fortran_order) content.note(name + " in Fortran order");
  return array;
}

Tables read_npy_folder(const std::string& folder) {
  Content content;
  const std::string x_path = folder + "/x.npy", y_path = folder + "/y.npy";
  NpyArray x = take_array(content, "x", read_npy(open_source(x_path), x_path), x_path);
  NpyArray y = take_array(content, "y", read_npy(open_source(y_path), y_path), y_path);
  Tables tables;
  tables.train = table_of(std::move(x), x_path, std::move(y), y_path);
  tables.content = content.key();
  return tables;
}

Tables read_npz_file(const std::string& path) {
  Content content;
  std::map<std::string, NpyArray> arrays;
  const auto shown = [&](const std::string& name) { return fmt::format("{} ({})", path, name); };
  read_npz(path, [&](const std::string& name, const std::string& bytes) {
    arrays[name] = take_array(content, name, bytes, shown(name));
  });
  Tables tables;
  tables.train = table_of(std::move(arrays.at("x")), shown("x"), std::move(arrays.at("y")), shown("y"));
  if (arrays.contains("x_test")) {
    tables.test =
        table_of(std::move(arrays.at("x_test")), shown("x_test"), std::move(arrays.at("y_test")), shown("y_test"));
    check_same_size(tables, path);
  }
  tables.content = content.key();
  return tables;
}

Tables read_csv_file(const std::string& path, Header header) {
  Content content;
  const std::string text = read_text(open_source(path), path);
  content.add("csv", text);
  CsvTable csv = parse_csv(text, path, header);
  // Earlier versions took such a row for a header.
  if (csv.marked_row) content.note("a row behind the byte-order mark");
  Tables tables;
  tables.train = std::move(csv.table);
  if (!csv.header.empty()) tables.note = fmt::format("line {} is the header: {}", csv.header_line, csv.header);
  tables.content = content.key();
  return tables;
}

}  // namespace

Tables read_tables(const std::string& path, Header header) {
  const Form form = form_of(path);
  if (form != Form::csv && header != Header::automatic)
    throw EnvironmentError(
        fmt::format("data.input.header: only tables (.csv, .csv.gz) have one, and '{}' is none; leave it out", path));
  switch (form) {
    case Form::idx_folder:
      return read_idx_folder(path);
    case Form::npy_folder:
      return read_npy_folder(path);
    case Form::npz:
      return read_npz_file(path);
    case Form::csv:
      break;
  }
  return read_csv_file(path, header);
}

}  // namespace fieldscan::data
