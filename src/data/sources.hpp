#pragma once
#include <memory>
#include <string>

#include "fieldscan/data/domain.hpp"
#include "fieldscan/data/draw.hpp"

/// Where the examples of a draw come from.
namespace fieldscan::data {

/// The parts of a draw; numbers of streams and of examples are made of them: append only.
enum class Part : std::uint32_t { train, validation, test, online };

/// Number k of a part of draw r: r < 2²², k < 2⁴⁰.
std::uint64_t example_id(std::int64_t draw, Part part, std::uint64_t k);

/// Fresh examples first … first + count − 1 of a distribution.
Examples fresh_examples(const InputChoice& input, const Stream& stream, std::uint64_t first, Index count,
                        std::int64_t draw, Part part);

/// Training, validation and test examples of a draw. `train_label` is what training sees instead of the target, before
/// noise [P × C]; empty unless labels are shuffled.
struct Sources {
  Examples train, validation, test;
  Matrix train_label;
};
Sources make_sources(const Spec& spec, const Domain& domain, const TargetFunction& function, std::uint64_t seed,
                     std::int64_t draw);

/// The text that streams of inputs are keyed by.
std::string input_text(const InputChoice& input);

/// Whether a finite set is listed: `train_size: whole` or `test_size: rest`.
bool is_enumerated(const Spec& spec);

}  // namespace fieldscan::data
