#pragma once
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/data/facts.hpp"
#include "fieldscan/data/input/concept.hpp"

namespace fieldscan::data {

enum class Scaling { dimension, none, unit };
constexpr auto words(Scaling) { return std::array<std::string_view, 3>{"dimension", "none", "unit"}; }

/// Rows that training and test sets are chosen from.
struct PoolSizes {
  Index train = 0, test = 0;
};

/// Real data.
///
/// `path` is one of
///   a folder with the four files of MNIST and its kin: train-images-idx3-ubyte, train-labels-idx1-ubyte,
///   t10k-images-idx3-ubyte,
///       t10k-labels-idx1-ubyte, each plain or with .gz; pixels are divided by 255; the t10k files are the held-out
///       test part; Other types of the idx format are read as they are; the names may have a dot for the second hyphen;
///   a folder with x.npy [points × …] and y.npy [points] (whole numbers, f2, f4 or f8, in any order of bytes and axes),
///   or one .npz
///       file with both, or with x_train, y_train, x_test and y_test;
///   a .csv or .csv.gz file, one point a row, the label in the last column; its first line is a header where no cell of
///   it is a number,
///       or as `header` says.
/// Without test files of its own, or with `test_from: pool`, the fraction `test_part` of the rows is held out, by a
/// permutation that depends on the content only.
///
/// A relative path starts at the folder of the scan file (`locate`).
///
/// Each image: minus the mean image of the training pool if `centred`, then scaled to |x|² = d (`dimension`), |x|² = 1
/// (`unit`) or left alone (`none`). Labels: two `classes` become −1 and +1 in the order given; `one_vs_rest: c` gives
/// +1 for c, −1 for the rest; otherwise the numbers of the file. The pool is the rows of the classes asked for.
///
/// The path is outside the identity; the content is in it. EnvironmentError where files are missing or malformed.
struct File {
  std::string path = {};
  std::vector<int> classes = {};        ///< empty: all rows
  std::optional<int> one_vs_rest = {};  ///< the class with label +1
  bool centred = false;
  Scaling scaling = Scaling::dimension;
  double test_part = 0.2;                       ///< held-out fraction where the data have no test files
  Header header = Header::automatic;            ///< of a table
  std::shared_ptr<const FileFacts> facts = {};  ///< filled by `resolve`; a cache, not a field

  static constexpr std::string_view kind = "file";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "Images or tables from files: MNIST-style idx, NPY, NPZ, CSV.";
  static auto fields() {
    return std::tuple{
        field("path", &File::path, "folder with idx(.gz) files or x.npy and y.npy, or a .npz, .csv or .csv.gz file")
            .required()
            .outside_identity(),
        field("classes", &File::classes, "labels to keep; two become −1 and +1 in this order", at_least(0)),
        field("one_vs_rest", &File::one_vs_rest, "this label becomes +1, every other −1", at_least(0)),
        field("centred", &File::centred, "subtract the mean image of the training pool"),
        field("scaling", &File::scaling, "`dimension`: |x|² = d for every image; `unit`: |x|² = 1; `none`"),
        field("test_part", &File::test_part, "fraction held out for tests where there are no test files",
              Range{.low = 0, .high = 1, .low_open = true, .high_open = true}),
        field("header", &File::header,
              "of a table: `true`: its first line names the columns; `false`: it is a row; `auto`: a header where no "
              "cell of it is a number"),
    };
  }

  int dimension() const;            ///< d, read from the file unless resolved
  std::string content_key() const;  ///< hash of the content, read unless resolved; "none" for an empty path
  /// The facts, where they are of this path and header.
  const FileFacts* known() const;
  /// Rows of the classes asked for; nullopt for data that are not resolved.
  std::optional<PoolSizes> known_sizes(TestFrom test_from) const;
  /// The labels that classes have in draws, in the order of `classes` (two of them, and `one_vs_rest`: −1, +1), without
  /// it all whole numbers of both parts, ascending; nullopt for data that are not resolved.
  std::optional<std::vector<double>> known_classes(TestFrom test_from) const;
  /// Whether every label of the training rows is one that `classes` can name; true for data that are not resolved.
  bool has_whole_labels() const;
  /// Training rows with a label; nullopt for data that are not resolved.
  std::optional<Index> known_rows(TestFrom test_from, double label) const;
  std::optional<std::string> problem() const;
  bool operator==(const File& other) const;  ///< of the fields; what `resolve` found is not compared
};

}  // namespace fieldscan::data
