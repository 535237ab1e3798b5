#pragma once
#include <cstdint>
#include <string_view>

#include "fieldscan/theory/average/pool_average.hpp"

/// Learning curves of real data from all rows of a file.
namespace fieldscan::theory {

/// All rows of a file's training part stand for its distribution, by the top of their spectrum and traces of the rest.
struct AllRows {
  data::InputChoice input = data::File{};
  data::TargetChoice target = data::FileLabels{};
  int validation_size = 0;
  std::int64_t seed = 0;
  int top = 1;  ///< eigenvectors k, as far as there are rows
  data::TestFrom test_from = data::TestFrom::automatic;
  int tested = 0;  ///< see `tested_rows`; 0: nobody asks

  static constexpr std::string_view kind = "all_rows";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "The top of the spectrum of all rows of a file, and traces of the rest.";
  static auto fields() {
    return std::tuple{field("input", &AllRows::input, "the file"),
                      field("target", &AllRows::target, "the target"),
                      field("validation_size", &AllRows::validation_size, "rows that are set aside", non_negative()),
                      field("seed", &AllRows::seed, "of random targets and of the order of rows"),
                      field("top", &AllRows::top, "eigenvectors that are found", at_least(1)),
                      field("test_from", &AllRows::test_from, "`pool`: without the rows that are held out for tests"),
                      field("tested", &AllRows::tested, "rows that errors are measured on; -1: all that are held out",
                            at_least(all_held_out))};
  }
  bool operator==(const AllRows&) const = default;
};

/// A quarter more eigenvectors than training points, at least 512.
AllRows all_rows_of(const Setting& setting);
/// Throws as `pool_rows` does.
PoolRows every_row(const AllRows& file, double points);
/// What is held at most for so many rows: their kernel, and what the iteration works with.
double all_rows_bytes(double rows, double top);

}  // namespace fieldscan::theory
