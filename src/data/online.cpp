#include <algorithm>
#include <utility>

#include "input/rows.hpp"
#include "sample.hpp"
#include "sources.hpp"

namespace fieldscan::data {

OnlineSource::OnlineSource(const Spec& spec, std::uint64_t seed, std::int64_t draw, std::int64_t initialisation)
    : input_(spec.input),
      noise_(spec.noise),
      draw_(draw),
      inputs_(seed, Purpose::train_inputs, "online\n" + input_text(spec.input), static_cast<std::uint64_t>(draw),
              static_cast<std::uint64_t>(initialisation)),
      label_noise_(seed, Purpose::label_noise, "online", static_cast<std::uint64_t>(draw),
                   static_cast<std::uint64_t>(initialisation)),
      function_(make_function(spec.target,
                              {.input = spec.input, .dimension = dimension_of(spec.input), .pool = nullptr},
                              {.seed = seed, .draw = draw})) {
  refill();
}

// Examples are made in blocks of a fixed size: single ones would cost most in set-up, and the bits do not depend on the
// grouping.
constexpr Index block = 64;

/// The buffer has its inputs as columns: batches of a few examples are read without strides.
void OnlineSource::refill() {
  Matrix columns = std::move(buffer_.x);
  buffer_ = make_sample(function_, fresh_examples(input_, inputs_, position_, block, draw_, Part::online));
  add_noise(buffer_, noise_, label_noise_, position_);
  columns.resize(buffer_.x.cols(), buffer_.x.rows());
  copy_transposed(buffer_.x, columns);
  buffer_.x = std::move(columns);
  position_ += block;
  used_ = 0;
}

void OnlineSource::go_to(std::uint64_t example) {
  position_ = example / block * block;
  refill();
  used_ = static_cast<Index>(example % block);
}

Sample OnlineSource::next(Index count) {
  const Index each = buffer_.modes.rows() / buffer_.x.cols();  // of components, per point
  Sample sample{.x = Matrix(count, buffer_.x.rows()),
                .target = Matrix(count, buffer_.target.cols()),
                .label = Matrix(count, buffer_.label.cols()),
                .modes = Matrix(count * each, buffer_.modes.cols())};
  for (Index done = 0; done < count;) {
    if (used_ == buffer_.x.cols()) refill();
    const Index rows = std::min(count - done, buffer_.x.cols() - used_);
    sample.x.middleRows(done, rows) = buffer_.x.middleCols(used_, rows).transpose();
    sample.target.middleRows(done, rows) = buffer_.target.middleRows(used_, rows);
    sample.label.middleRows(done, rows) = buffer_.label.middleRows(used_, rows);
    sample.modes.middleRows(done * each, rows * each) = buffer_.modes.middleRows(used_ * each, rows * each);
    done += rows;
    used_ += rows;
  }
  return sample;
}

}  // namespace fieldscan::data
