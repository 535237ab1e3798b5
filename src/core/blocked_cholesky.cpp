#include "fieldscan/core/blocked_cholesky.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "fieldscan/core/product.hpp"

namespace fieldscan {

namespace {

constexpr Index lowest = 16, highest = 128;  ///< heights of blocks
constexpr Index strip = 64;                  ///< right-hand sides that are worked on together

/// A block of a strip, on the stack.
template <class Scalar>
using Piece = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor, highest, highest>;

/// Calls part(first, count) for strips of a range.
template <class Part>
void in_strips(Index count, Part&& part) {
  for (Index first = 0; first < count; first += strip) part(first, std::min(strip, count - first));
}

/// x ← x Dᵀ, a strip of rows at a time.
template <class Scalar>
void times_transposed(const MatrixIn<Scalar>& d, MatrixOut<Scalar> x) {
  in_strips(x.rows(), [&](Index first, Index count) {
    auto rows = x.middleRows(first, count);
    const Piece<Scalar> copy = rows;
    multiply_transposed<Scalar>(1, copy, d, rows, Put::alone);
  });
}

}  // namespace

template <class Scalar>
BlockedCholesky<Scalar>::BlockedCholesky(Index size)
    : block_(std::clamp(size / 256 * lowest, lowest, highest)), lower_(size, size), inverse_(block_, size) {
  lower_.setZero();
}

template <class Scalar>
void BlockedCholesky<Scalar>::set_gram(const MatrixIn<Scalar>& f, Scalar ridge) {
  assert(f.rows() == size() && "one row of F per row of A");
  for (Index j = 0; j < size(); j += block_)
    multiply_transposed<Scalar>(1, f.bottomRows(size() - j), f.middleRows(j, height(j)),
                                lower_.block(j, j, size() - j, height(j)), Put::alone);
  lower_.diagonal().array() += ridge;
}

template <class Scalar>
void BlockedCholesky<Scalar>::set_gram_of_columns(const MatrixIn<Scalar>& f, Scalar ridge) {
  assert(f.cols() == size() && "one column of F per row of A");
  for (Index j = 0; j < size(); j += block_)
    transposed_multiply<Scalar>(1, f.rightCols(size() - j), f.middleCols(j, height(j)),
                                lower_.block(j, j, size() - j, height(j)), Put::alone);
  lower_.diagonal().array() += ridge;
}

template <class Scalar>
void BlockedCholesky<Scalar>::set(const MatrixIn<Scalar>& a) {
  assert(a.rows() == size() && a.cols() == size() && "the size that was asked for");
  lower_ = a;
}

/// L of one diagonal block, column by column, and its inverse, row by row.
template <class Scalar>
bool BlockedCholesky<Scalar>::factorise_diagonal(Index first) {
  const Index count = height(first);
  auto l = lower_.block(first, first, count, count);
  auto inverse = inverse_.block(0, first, count, count);
  inverse.setIdentity();
  for (Index k = 0; k < count; ++k) {
    if (!(l(k, k) > 0) || !std::isfinite(l(k, k))) return false;
    l(k, k) = std::sqrt(l(k, k));
    l.col(k).tail(count - k - 1) /= l(k, k);
    for (Index j = k + 1; j < count; ++j) l.col(j).tail(count - j) -= l(j, k) * l.col(k).tail(count - j);
  }
  for (Index j = 0; j < count; ++j)
    for (Index k = j; k < count; ++k) {
      inverse(k, j) /= l(k, k);
      inverse.col(j).tail(count - k - 1) -= inverse(k, j) * l.col(k).tail(count - k - 1);
    }
  return true;
}

template <class Scalar>
bool BlockedCholesky<Scalar>::factorise() {
  for (Index j = 0; j < size(); j += block_) {
    const Index count = height(j);
    auto panel = lower_.block(j, j, size() - j, count);
    if (j > 0)
      multiply_transposed<Scalar>(-1, lower_.block(j, 0, size() - j, j), lower_.block(j, 0, count, j), panel,
                                  Put::added);
    if (!factorise_diagonal(j)) return false;
    times_transposed<Scalar>(inverse_.block(0, j, count, count), panel.bottomRows(panel.rows() - count));
  }
  return true;
}

template <class Scalar>
double BlockedCholesky<Scalar>::log_determinant() const {
  return 2 * static_cast<double>(lower_.diagonal().array().log().sum());
}

template <class Scalar>
void BlockedCholesky<Scalar>::half_solve(MatrixOut<Scalar> x) const {
  assert(x.rows() == size() && "one row per row of A");
  in_strips(x.cols(), [&](Index first, Index columns) {
    auto part = x.middleCols(first, columns);
    for (Index j = 0; j < size(); j += block_) {
      auto rows = part.middleRows(j, height(j));
      if (j > 0) multiply<Scalar>(-1, lower_.block(j, 0, height(j), j), part.topRows(j), rows, Put::added);
      const Piece<Scalar> copy = rows;
      multiply<Scalar>(1, inverse_.block(0, j, height(j), height(j)), copy, rows, Put::alone);
    }
  });
}

template <class Scalar>
void BlockedCholesky<Scalar>::back_solve(MatrixOut<Scalar> x) const {
  assert(x.rows() == size() && "one row per row of A");
  in_strips(x.cols(), [&](Index first, Index columns) {
    auto part = x.middleCols(first, columns);
    for (Index j = last_block(); j >= 0; j -= block_) {
      const Index count = height(j), below = size() - j - count;
      auto rows = part.middleRows(j, count);
      if (below > 0)
        transposed_multiply<Scalar>(-1, lower_.block(j + count, j, below, count), part.bottomRows(below), rows,
                                    Put::added);
      const Piece<Scalar> copy = rows;
      transposed_multiply<Scalar>(1, inverse_.block(0, j, count, count), copy, rows, Put::alone);
    }
  });
}

template <class Scalar>
void BlockedCholesky<Scalar>::solve(MatrixOut<Scalar> x) const {
  half_solve(x);
  back_solve(x);
}

template <class Scalar>
void BlockedCholesky<Scalar>::half_solve_on_right(MatrixOut<Scalar> x) const {
  assert(x.cols() == size() && "one column per column of A");
  in_strips(x.rows(), [&](Index first, Index rows) {
    auto part = x.middleRows(first, rows);
    for (Index j = 0; j < size(); j += block_) {
      auto columns = part.middleCols(j, height(j));
      if (j > 0)
        multiply_transposed<Scalar>(-1, part.leftCols(j), lower_.block(j, 0, height(j), j), columns, Put::added);
      times_transposed<Scalar>(inverse_.block(0, j, height(j), height(j)), columns);
    }
  });
}

template <class Scalar>
void BlockedCholesky<Scalar>::solve_on_right(MatrixOut<Scalar> x) const {
  assert(x.cols() == size() && "one column per column of A");
  in_strips(x.rows(), [&](Index first, Index rows) {
    auto part = x.middleRows(first, rows);
    half_solve_on_right(part);
    for (Index j = last_block(); j >= 0; j -= block_) {
      const Index count = height(j), below = size() - j - count;
      auto columns = part.middleCols(j, count);
      if (below > 0)
        multiply<Scalar>(-1, part.rightCols(below), lower_.block(j + count, j, below, count), columns, Put::added);
      const Piece<Scalar> copy = columns;
      multiply<Scalar>(1, copy, inverse_.block(0, j, count, count), columns, Put::alone);
    }
  });
}

template class BlockedCholesky<double>;
template class BlockedCholesky<float>;

}  // namespace fieldscan
