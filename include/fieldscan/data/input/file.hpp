#pragma once
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/data/input/concept.hpp"

namespace fieldscan::data {

enum class Scaling { dimension, none, unit };
constexpr auto words(Scaling) { return std::array<std::string_view, 3>{"dimension", "none", "unit"}; }

/// What one look at a file told: its content as a key, and its sizes.
struct FileFacts {
  std::string path;       ///< where it was read
  std::string content;    ///< XXH3 (128 bits) of the uncompressed content
  int dimension = 0;      ///< d
  bool has_test = false;  ///< the data have a held-out part of their own
  std::map<double, Index> train_count = {},
                          test_count = {};  ///< rows per label; the test part is empty unless has_test
};

/// Rows that training and test sets are chosen from.
struct PoolSizes {
  Index train = 0, test = 0;
};

/// Real data.
///
/// `path` is one of
///   a folder with the four files of MNIST and its kin: train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte,
///       t10k-labels-idx1-ubyte, each plain or with .gz; pixels are divided by 255; the t10k files are the held-out test part;
///   a folder with x.npy [points × …] and y.npy [points] (C order; u1, i4, i8, f4 or f8);
///   a .csv file, one point a row, the label in the last column; a first line without numbers is skipped.
/// Without test files of its own the fraction `test_part` of the rows is held out, by a permutation that depends on the content only.
///
/// Each image: minus the mean image of the training pool if `centred`, then scaled to |x|² = d (`dimension`), |x|² = 1 (`unit`) or
/// left alone (`none`). Labels: two `classes` become −1 and +1 in the order given; `one_vs_rest: c` gives +1 for c, −1 for the rest;
/// otherwise the numbers of the file. The pool is the rows of the classes asked for.
///
/// The path is outside the identity; the content is in it. EnvironmentError where files are missing or malformed.
struct File {
  std::string path = {};
  std::vector<int> classes = {};        ///< empty: all rows
  std::optional<int> one_vs_rest = {};  ///< the class with label +1
  bool centred = false;
  Scaling scaling = Scaling::dimension;
  double test_part = 0.2;                       ///< held-out fraction where the data have no test files
  std::shared_ptr<const FileFacts> facts = {};  ///< filled by `resolve`; a cache, not a field

  static constexpr std::string_view kind = "file";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "Images or tables from files: MNIST-style idx, NPY, CSV.";
  static auto fields() {
    return std::tuple{
        field("path", &File::path, "folder with idx(.gz) files or x.npy and y.npy, or a .csv file")
            .required()
            .outside_identity(),
        field("classes", &File::classes, "labels to keep; two become −1 and +1 in this order", at_least(0)),
        field("one_vs_rest", &File::one_vs_rest, "this label becomes +1, every other −1", at_least(0)),
        field("centred", &File::centred, "subtract the mean image of the training pool"),
        field("scaling", &File::scaling, "`dimension`: |x|² = d for every image; `unit`: |x|² = 1; `none`"),
        field("test_part", &File::test_part, "fraction held out for tests where there are no test files",
              Range{.low = 0, .high = 1, .low_open = true, .high_open = true}),
    };
  }

  int dimension() const;            ///< d, read from the file unless resolved
  std::string content_key() const;  ///< hash of the content, read unless resolved; "none" for an empty path
  /// Rows of the classes asked for, where the facts tell: of data that are resolved and have test files of their own.
  std::optional<PoolSizes> known_sizes() const;
  std::optional<std::string> problem() const;
  bool operator==(const File& other) const;  ///< of the fields; what `resolve` found is not compared
};

}  // namespace fieldscan::data
