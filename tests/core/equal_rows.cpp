#include "fieldscan/core/equal_rows.hpp"

#include <algorithm>
#include <utility>

#include "catch.hpp"
#include "near.hpp"
#include "normals.hpp"

using namespace fieldscan;

namespace {

std::vector<std::pair<Index, Index>> sorted(const std::vector<RowPair>& pairs) {
  std::vector<std::pair<Index, Index>> out;
  for (const auto [i, j] : pairs) out.emplace_back(i, j);
  std::ranges::sort(out);
  return out;
}

/// Row 7 and 30 repeat row 2, row 12 repeats row 11; rows 20 and 21 nearly repeat row 5, and row 33 row 7.
Matrix example() {
  Matrix x = testing::normals<double>(40, 6, 1);
  x(2, 3) = 0;
  x.row(7) = x.row(30) = x.row(2);
  x(30, 3) = -0.0;
  x.row(12) = x.row(11);
  x.row(20) = x.row(5) * (1 + 1e-8);
  x.row(21) = x.row(5);
  x(21, 0) += 1e-9;
  x.row(33) = x.row(7);
  x(33, 5) += 1e-7;
  return x;
}

}  // namespace

TEST_CASE("equal rows are found, whatever the sign of their zeros") {
  const EqualRows equal = equal_rows(example());
  CHECK(equal.repeated == std::vector<Index>{7, 12, 30});
  CHECK((equal.first[7] == 2 && equal.first[30] == 2 && equal.first[12] == 11 && equal.first[20] == 20));
  CHECK_FALSE(equal_rows(testing::normals<double>(40, 6, 2)).any());
  // Rows of signs, all 2¹² of them: different numbers in their highest bit alone.
  Matrix signs(4096, 12);
  for (Index i = 0; i < 4096; ++i)
    for (Index k = 0; k < 12; ++k) signs(i, k) = (i >> k) & 1 ? 1 : -1;
  CHECK_FALSE(equal_rows(signs).any());
  signs.row(4000) = signs.row(17);
  CHECK(equal_rows(signs).repeated == std::vector<Index>{4000});
  CHECK(equal_rows(Matrix::Zero(5, 2)).repeated.size() == 4);
  CHECK_FALSE(equal_rows(Matrix(0, 3)).any());
}

TEST_CASE("close rows are those that a look at every pair finds") {
  const Matrix x = example();
  const auto expected = std::vector<std::pair<Index, Index>>{{20, 5}, {21, 5}, {21, 20}, {33, 2}};
  CHECK(sorted(close_rows(x, 1e-6, 0)) == expected);
  CHECK(close_rows(x, 1e-11, 0).empty());
  // Between two sets equal rows count too, one of several.
  const Matrix other = x.middleRows(5, 8);
  const auto between = std::vector<std::pair<Index, Index>>{{2, 2},  {5, 0},  {6, 1},  {8, 3},  {9, 4},
                                                            {10, 5}, {11, 6}, {20, 0}, {21, 0}, {33, 2}};
  CHECK(sorted(close_rows(x, other, 1e-6, 0)) == between);
  CHECK(sorted(close_rows(x, other, 0, 0)).size() == 7);
  // Beside a large offset all are close.
  CHECK(close_rows(x.topRows(5), 1e-6, 1e15).size() == 10);
}

TEST_CASE("repeated rows and columns become copies") {
  const Matrix x = example();
  const EqualRows equal = equal_rows(x);
  Matrix m = testing::normals<double>(40, 40, 3);
  const Matrix before = m;
  repeat_columns(m, equal);
  repeat_rows(m, equal);
  CHECK((m.row(7) == m.row(2) && m.col(30) == m.col(2) && m(7, 30) == before(2, 2) && m(12, 7) == before(11, 2)));
  CHECK(near::equal(m.topLeftCorner(7, 7), before.topLeftCorner(7, 7)));
}
