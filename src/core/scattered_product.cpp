#include "fieldscan/core/scattered_product.hpp"

#include <algorithm>
#include <array>

#include "product_block.hpp"

namespace fieldscan {

namespace products {
namespace {

/// Numbers on a line of the cache, and how many summands before it is used one is asked for: they lie far apart, where
/// the processor does not guess them.
template <class Scalar>
constexpr int line = 64 / sizeof(Scalar);
constexpr std::size_t ahead = 6;

/// Rows of all summands' left columns from `row` on, times Columns numbers of the right ones from `column` on.
template <int Rows, int Columns, class Scalar>
void outer_block(std::span<const OuterSummand<Scalar>> summands, Index row, Index column, Index apart,
                 const Target<Scalar>& to) {
  std::array<Column<Scalar, Rows>, Columns> sum;
  for (int j = 0; j < Columns; ++j) sum[j].clear();
  for (std::size_t l = 0; l < summands.size(); ++l) {
    const OuterSummand<Scalar>& summand = summands[l];
    const Scalar* const soon = summands[std::min(l + ahead, summands.size() - 1)].left + row;
    for (int r = 0; r < Rows; r += line<Scalar>) __builtin_prefetch(soon + r);
    const auto left = Column<Scalar, Rows>::at(summand.left + row);
    const Scalar* const right = summand.right + column * apart;
    for (int j = 0; j < Columns; ++j) sum[j].add(left, right[j * apart]);
  }
  put_block(sum, to.data + row + column * to.column, to);
}

/// Columns of a, [count × Rows], so that the numbers of a row lie one after another.
template <int Rows, class Scalar>
void turn(const Scalar* a, Index column, Index count, Scalar* to) {
  constexpr int side = lanes<Scalar>;
  using Packet = typename Column<Scalar, side>::Packet;
  Index done = 0;
  if constexpr (Rows % side == 0)
    for (; done + side <= count; done += side)
      for (int first = 0; first < Rows; first += side) {
        Eigen::internal::PacketBlock<Packet, side> square;
        for (int r = 0; r < side; ++r)
          square.packet[r] = Eigen::internal::ploadu<Packet>(a + done + (first + r) * column);
        Eigen::internal::ptranspose(square);
        for (int r = 0; r < side; ++r) Eigen::internal::pstoreu(to + (done + r) * Rows + first, square.packet[r]);
      }
  for (; done < count; ++done)
    for (int r = 0; r < Rows; ++r) to[done * Rows + r] = a[done + r * column];
}

/// Some rows of a, turned, times Columns columns from their row `first` on; to their places from `place` on.
template <int Rows, int Columns, class Scalar>
void inner_block(const Scalar* turned, Index count, std::span<const InnerColumn<Scalar>> columns, Index first,
                 Index place, Scalar scale) {
  std::array<Column<Scalar, Rows>, Columns> sum;
  for (int j = 0; j < Columns; ++j) sum[j].clear();
  std::array<const Scalar*, Columns> from;
  for (int j = 0; j < Columns; ++j) from[j] = columns[j].from + first;
  for (Index l = 0; l < count; ++l, turned += Rows) {
    const auto left = Column<Scalar, Rows>::at(turned);
    for (int j = 0; j < Columns; ++j) sum[j].add(left, from[j][l]);
  }
  for (int j = 0; j < Columns; ++j) {
    auto column = Column<Scalar, Rows>::at(columns[j].to + place);
    column.add(sum[j], scale);
    column.put(columns[j].to + place);
  }
}

}  // namespace
}  // namespace products

template <class Scalar>
void sum_outer(Scalar scale, std::span<const OuterSummand<Scalar>> summands, Index apart, MatrixOut<Scalar> out,
               Put put) {
  using namespace products;
  constexpr int height = 2 * lanes<Scalar>;
  constexpr Index together = 8 * height;  // rows that use a panel of the right factor while it lies in the first cache
  const Target<Scalar> to{out.data(), out.outerStride(), scale, put};
  for (Index top = 0; top < out.rows(); top += together)
    in_blocks<panel>(out.cols(), [&]<int Columns>(Index j) {
      in_blocks<height>(std::min(together, out.rows() - top),
                        [&]<int Rows>(Index i) { outer_block<Rows, Columns>(summands, top + i, j, apart, to); });
    });
}

template <class Scalar>
void add_inner(Scalar scale, const MatrixIn<Scalar>& a, std::span<const InnerColumn<Scalar>> columns) {
  using namespace products;
  constexpr int height = 2 * lanes<Scalar>;
  constexpr Index together = 256;
  alignas(64) std::array<Scalar, height * together> turned;
  for (Index first = 0; first < a.rows(); first += together) {
    const Index count = std::min(together, a.rows() - first);
    in_blocks<height>(a.cols(), [&]<int Rows>(Index i) {
      turn<Rows>(a.data() + first + i * a.outerStride(), a.outerStride(), count, turned.data());
      in_blocks<panel>(std::ssize(columns), [&]<int Columns>(Index j) {
        inner_block<Rows, Columns>(turned.data(), count, columns.subspan(static_cast<std::size_t>(j)), first, i, scale);
      });
    });
  }
}

template void sum_outer(double, std::span<const OuterSummand<double>>, Index, MatrixOut<double>, Put);
template void sum_outer(float, std::span<const OuterSummand<float>>, Index, MatrixOut<float>, Put);
template void add_inner(double, const MatrixIn<double>&, std::span<const InnerColumn<double>>);
template void add_inner(float, const MatrixIn<float>&, std::span<const InnerColumn<float>>);

}  // namespace fieldscan
