#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#include "fieldscan/core/product.hpp"

/// The inner block of matrix products, and how factors are laid out for it.
namespace fieldscan::products {

/// Numbers in a register.
template <class Scalar>
constexpr int lanes = Eigen::internal::packet_traits<Scalar>::size;
/// A block of the result is two registers high and so many columns wide: half of all registers.
constexpr int panel = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS / 4;

/// Where a factor lies: element (i, l) at data[i·row + l·column].
template <class Scalar>
struct Strided {
  const Scalar* data;
  Index row, column;
};
/// The result, with what becomes of a block of it. Where the summands are cut into slices the sums themselves lie there
/// between two of them, unscaled, and are gone on with: the order of the summation, and every bit, is that of one
/// slice.
template <class Scalar>
struct Target {
  Scalar* data;
  Index column;
  Scalar scale;
  Put put;
  bool begins = true, ends = true;  ///< whether this is the first slice, the last one
};

/// Numbers below one another, in registers; multiply-adds are fused by name, not where the compiler happens to see
/// both.
template <class Scalar, int Rows>
struct Column {
  using Packet = std::conditional_t<Rows == 1, Scalar, typename Eigen::internal::find_best_packet<Scalar, Rows>::type>;
  static constexpr int width = Eigen::internal::unpacket_traits<Packet>::size, count = Rows / width;
  static_assert(count * width == Rows);
  std::array<Packet, count> part;

  static Column filled(Scalar x) {
    Column column;
    column.part.fill(Eigen::internal::pset1<Packet>(x));
    return column;
  }
  /// To zero; of a whole block in registers, where `filled` goes through memory.
  void clear() {
    for (int p = 0; p < count; ++p) part[p] = Eigen::internal::pset1<Packet>(Scalar{0});
  }
  static Column at(const Scalar* from) {
    Column column;
    for (int p = 0; p < count; ++p) column.part[p] = Eigen::internal::ploadu<Packet>(from + p * width);
    return column;
  }
  void put(Scalar* to) const {
    for (int p = 0; p < count; ++p) Eigen::internal::pstoreu(to + p * width, part[p]);
  }
  /// this += x · y.
  void add(const Column& x, Scalar y) {
    const Packet factor = Eigen::internal::pset1<Packet>(y);
    for (int p = 0; p < count; ++p) {
#ifdef __FMA__
      if constexpr (Rows == 1)  // Eigen rounds the product of single numbers
        part[p] = std::fma(x.part[p], factor, part[p]);
      else
#endif
        part[p] = Eigen::internal::pmadd(x.part[p], factor, part[p]);
    }
  }
};

/// What becomes of the sums of a block, at its place in the result.
template <int Rows, std::size_t Columns, class Scalar>
[[gnu::always_inline]] inline void put_block(const std::array<Column<Scalar, Rows>, Columns>& sum, Scalar* out,
                                             const Target<Scalar>& to) {
  const auto each = [&](auto&& put) {
#pragma GCC unroll 16
    for (std::size_t j = 0; j < Columns; ++j) put(sum[j], out + static_cast<Index>(j) * to.column);
  };
  const auto onto = [&](Column<Scalar, Rows> column, const Column<Scalar, Rows>& own, Scalar* place) {
    column.add(own, to.scale);
    column.put(place);
  };
  if (!to.ends)
    each([](const auto& own, Scalar* place) { own.put(place); });
  else if (to.put == Put::alone)
    each([&](const auto& own, Scalar* place) { onto(Column<Scalar, Rows>::filled(0), own, place); });
  else
    each([&](const auto& own, Scalar* place) { onto(Column<Scalar, Rows>::at(place), own, place); });
}

/// Rows i … i + Rows of a, which lie one after another, times the first Columns of b.
template <int Rows, int Columns, class Scalar>
void block(const Scalar* a, Index next_a, const Strided<Scalar>& b, Index summands, Scalar* out,
           const Target<Scalar>& to) {
  std::array<Column<Scalar, Rows>, Columns> sum;
  for (int j = 0; j < Columns; ++j)
    sum[j] = to.begins ? Column<Scalar, Rows>::filled(0) : Column<Scalar, Rows>::at(out + j * to.column);
  const Scalar* from = b.data;
  for (Index l = 0; l < summands; ++l, a += next_a, from += b.row) {
    const auto left = Column<Scalar, Rows>::at(a);
    for (int j = 0; j < Columns; ++j) sum[j].add(left, from[j * b.column]);
  }
  put_block(sum, out, to);
}

/// Calls part.template operator()<Size>(first) for blocks of a range, large ones first.
template <int Largest, class Part>
void in_blocks(Index count, Part&& part) {
  const auto several = [&]<int Size>(Index first) {
    for (; first + Size <= count; first += Size) part.template operator()<Size>(first);
    return first;
  };
  Index first = several.template operator()<Largest>(0);
  if constexpr (Largest >= 16) first = several.template operator()<Largest / 2>(first);
  first = several.template operator()<4>(first);
  several.template operator()<1>(first);
}

/// Some rows and summands of a, packed: blocks of rows one after another, every block summand after summand. Columns of
/// a are read a few at a time, across all blocks: they may lie on a page each.
template <class Scalar>
void pack(const Scalar* a, Index column, Index rows, Index summands, Scalar* to) {
  constexpr Index few = 8;
  for (Index first = 0; first < summands; first += few)
    in_blocks<2 * lanes<Scalar>>(rows, [&]<int Rows>(Index i) {
      for (Index l = first; l < std::min(first + few, summands); ++l)
        Column<Scalar, Rows>::at(a + i + l * column).put(to + i * summands + l * Rows);
    });
}

}  // namespace fieldscan::products
