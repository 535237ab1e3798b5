#include "fieldscan/core/packed_lower.hpp"

#include <cassert>

#include "fieldscan/core/memory.hpp"

namespace fieldscan {

PackedLower::PackedLower(Index size) : size_(size) {
  for (Index first = 0; first < size; first += width) {
    Matrix& own = column_.emplace_back(size - first, std::min(width, size - first));
    prefer_large_pages(own.data(), static_cast<double>(sizeof(double)) * static_cast<double>(own.size()));
  }
}

double PackedLower::trace() const {
  double sum = 0;  // in the order of Matrix::trace
  for (Index i = 0; i < size_; ++i) sum += (*this)(i, i);
  return sum;
}

bool PackedLower::is_finite() const {
  for (const Matrix& own : column_)
    for (Index j = 0; j < own.cols(); ++j)
      if (!own.col(j).tail(own.rows() - j).allFinite()) return false;
  return true;
}

double PackedLower::one_norm() const {
  Vector sums = Vector::Zero(size_);
  for (Index c = 0; c < columns(); ++c) {
    const Matrix& own = column(c);
    for (Index j = 0; j < own.cols(); ++j) {
      const Index at = c * width + j;
      const auto below = own.col(j).tail(own.rows() - j).cwiseAbs();
      sums.tail(size_ - at) += below;
      sums[at] += below.sum() - below[0];
    }
  }
  return size_ > 0 ? sums.maxCoeff() : 0;
}

/// A tile on the diagonal is used on both sides of it, what is below once as it is and once transposed.
Matrix PackedLower::times(const MatrixView& x) const {
  assert(x.rows() == size_ && "one row per row of the matrix");
  Matrix out = Matrix::Zero(size_, x.cols());
  for (Index c = 0; c < columns(); ++c) {
    const Matrix& own = column(c);
    const Index first = c * width, count = own.cols(), below = own.rows() - count;
    for (Index k = 0; k < x.cols(); ++k) {
      const auto here = x.col(k).segment(first, count);
      out.col(k).segment(first, count) += own.topRows(count).selfadjointView<Eigen::Lower>() * here;
      out.col(k).segment(first, count) += own.bottomRows(below).transpose() * x.col(k).tail(below);
      out.col(k).tail(below) += own.bottomRows(below) * here;
    }
  }
  return out;
}

}  // namespace fieldscan
