#pragma once
#include "fieldscan/training/train.hpp"

/// Saving the state of a training, and taking it up again.
namespace fieldscan::training {

/// Numbers of a matrix or vector, with its shape.
template <class Derived>
void put_matrix(FlatWriter& out, const Eigen::PlainObjectBase<Derived>& matrix) {
  out.put(static_cast<std::int64_t>(matrix.rows()));
  out.put(static_cast<std::int64_t>(matrix.cols()));
  out.list(std::span(matrix.data(), static_cast<std::size_t>(matrix.size())));
}
template <class Derived>
void get_matrix(FlatReader& in, Eigen::PlainObjectBase<Derived>& matrix) {
  const auto rows = in.get<std::int64_t>(), cols = in.get<std::int64_t>();
  const std::vector<double> numbers = in.list<double>();
  if (rows * cols != static_cast<std::int64_t>(numbers.size())) throw MalformedMessage("a matrix of another shape");
  matrix.resize(rows, cols);
  std::ranges::copy(numbers, matrix.data());
}

/// Where it is wished: saves what write(FlatWriter&) puts, and throws Stopped where the training is to end.
template <class Write>
void keep_state(const Problem& problem, Write&& write) {
  if (!problem.checkpoint) return;
  const Checkpoint::Wish wish = problem.checkpoint->wish();
  if (wish == Checkpoint::Wish::nothing) return;
  FlatWriter out;
  write(out);
  problem.checkpoint->save(out.take());
  if (wish == Checkpoint::Wish::stop) throw Stopped();
}

/// Where a state was saved: calls read(FlatReader&), which takes it in the same order.
template <class Read>
void take_up_state(const Problem& problem, Read&& read) {
  if (!problem.checkpoint) return;
  const Bytes bytes = problem.checkpoint->load();
  if (bytes.empty()) return;
  FlatReader in(bytes);
  read(in);
  in.expect_end();
}

}  // namespace fieldscan::training
