#include "fieldscan/core/equal_rows.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>

namespace fieldscan {

namespace {

/// Every bit of the result depends on every bit of the number (the last step of splitmix64).
std::uint64_t mixed(std::uint64_t bits) {
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ULL;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebULL;
  return bits ^ (bits >> 31);
}

std::vector<std::uint64_t> row_hashes(const MatrixView& x) {
  const Index rows = x.rows();
  std::vector<std::uint64_t> hash(static_cast<std::size_t>(rows), 0);
  for (Index k = 0; k < x.cols(); ++k) {
    const double* const column = x.col(k).data();
    for (Index i = 0; i < rows; ++i) {
      // One multiplication a number; the shift takes its highest bits, such as signs, to where the next one spreads
      // them.
      std::uint64_t& h = hash[static_cast<std::size_t>(i)];
      h = (h ^ std::bit_cast<std::uint64_t>(column[i] + 0.0)) * 0x9e3779b97f4a7c15ULL;
      h ^= h >> 32;
    }
  }
  for (std::uint64_t& h : hash) h = mixed(h);
  return hash;
}

/// Numbers in [−1, 1) that no data were made for.
Vector direction(Index size) {
  Vector out(size);
  for (Index k = 0; k < size; ++k)
    out[k] = static_cast<double>(mixed(static_cast<std::uint64_t>(k) + 0x9e3779b97f4a7c15ULL) >> 11) * 0x1p-52 - 1;
  return out;
}

/// Rows without repetitions in the order of their projections.
struct Sorted {
  std::vector<Index> row;
  Vector at;  ///< the projection, by row
};
Sorted sorted_rows(const MatrixView& x, const Vector& along) {
  Sorted out{.row = {}, .at = x * along};
  out.at =
      out.at.array().isFinite().select(out.at, 0.0);  // an order needs numbers; what is not finite is close to nothing
  const EqualRows equal = equal_rows(x);
  for (Index i = 0; i < x.rows(); ++i)
    if (equal.first[static_cast<std::size_t>(i)] == i) out.row.push_back(i);
  std::ranges::sort(out.row, {}, [&](Index i) { return out.at[i]; });
  return out;
}

/// Pairs that pass the test of both rows' projections and of their distance.
std::vector<RowPair> close_pairs(const MatrixView& x, const Sorted& rows, const MatrixView& other,
                                 const Sorted& columns, double relative, double offset) {
  const Vector along = direction(x.cols());
  const Vector norm = x.rowwise().squaredNorm();  // column by column: rows are far apart in memory
  std::vector<RowPair> pairs;
  for (const Index i : rows.row) {
    const double square = relative * relative * (norm[i] + offset);
    // Cauchy and Schwarz, with the rounding of the projections themselves.
    const double reach = along.norm() * (std::sqrt(square) + 1e-14 * std::sqrt(norm[i]));
    auto at = std::ranges::lower_bound(columns.row, rows.at[i] - reach, {}, [&](Index j) { return columns.at[j]; });
    for (; at != columns.row.end() && columns.at[*at] <= rows.at[i] + reach; ++at)
      if ((x.row(i) - other.row(*at)).squaredNorm() <= square) pairs.push_back({i, *at});
  }
  std::ranges::sort(pairs, {}, [](const RowPair& p) { return std::pair(p.j, p.i); });
  return pairs;
}

}  // namespace

EqualRows equal_rows(const MatrixView& x) {
  const std::vector<std::uint64_t> hash = row_hashes(x);
  std::vector<Index> order(hash.size());
  std::iota(order.begin(), order.end(), Index{0});
  EqualRows out{.first = order, .repeated = {}};
  const auto hash_of = [&](Index i) { return hash[static_cast<std::size_t>(i)]; };
  std::ranges::sort(order, {}, [&](Index i) { return std::pair(hash_of(i), i); });
  // Rows of one hash that differ are next to impossible; the first is compared, and what differs from it counts as
  // unequal to all.
  Index leader = order.empty() ? 0 : order.front();
  for (const Index i : order) {
    if (hash_of(i) != hash_of(leader)) leader = i;
    if (i != leader && x.row(i) == x.row(leader)) out.first[static_cast<std::size_t>(i)] = leader;
  }
  for (std::size_t i = 0; i < out.first.size(); ++i)
    if (out.first[i] < static_cast<Index>(i)) out.repeated.push_back(static_cast<Index>(i));
  return out;
}

void repeat_rows(Matrix& matrix, const EqualRows& equal) {
  for (const Index i : equal.repeated) matrix.row(i) = matrix.row(equal.first[static_cast<std::size_t>(i)]);
}

void repeat_columns(Matrix& matrix, const EqualRows& equal) {
  for (const Index j : equal.repeated) matrix.col(j) = matrix.col(equal.first[static_cast<std::size_t>(j)]);
}

std::vector<RowPair> close_rows(const MatrixView& x, const MatrixView& other, double relative, double offset) {
  assert(x.cols() == other.cols() && "both sets of points have one dimension");
  const Vector along = direction(x.cols());
  return close_pairs(x, sorted_rows(x, along), other, sorted_rows(other, along), relative, offset);
}

std::vector<RowPair> close_rows(const MatrixView& x, double relative, double offset) {
  const Sorted rows = sorted_rows(x, direction(x.cols()));
  std::vector<RowPair> pairs = close_pairs(x, rows, x, rows, relative, offset);
  // Of both orders of a pair one may lie beyond the limit, which is relative to the first: those with i > j are as
  // good.
  std::erase_if(pairs, [](const RowPair& p) { return p.i <= p.j; });
  return pairs;
}

}  // namespace fieldscan
