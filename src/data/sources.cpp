#include "sources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <span>

#include "fieldscan/core/canonical.hpp"
#include "fieldscan/core/error.hpp"

namespace fieldscan::data {
namespace {

// Draw 0 stands for the shared test set.
std::int64_t test_draw(const Spec& spec, std::int64_t draw) { return spec.test_set == TestSet::shared ? 0 : draw; }

Stream input_stream(const Spec& spec, Purpose purpose, std::uint64_t seed, std::int64_t draw) {
  return Stream(seed, purpose, input_text(spec.input), static_cast<std::uint64_t>(draw), 0);
}

std::uint64_t test_stream_draw(const Spec& spec, std::int64_t draw) {
  return static_cast<std::uint64_t>(test_draw(spec, draw));
}

// Test points over which the mean of (v·x)² is the population's vᵀΛv, for every v: x_k = √(d Λ_kk) e_k, k = 1 … d.
Examples exact_examples(const InputChoice& input) {
  const int d = dimension_of(input);
  Vector variance = Vector::Ones(d);
  if (const auto* gaussian = std::get_if<Gaussian>(&input)) variance = gaussian->variances();
  Examples examples{.x = (d * variance).cwiseSqrt().asDiagonal(), .file_label = {}, .id = {}};
  for (int k = 0; k < d; ++k) examples.id.push_back(example_id(0, Part::test, static_cast<std::uint64_t>(k)));
  return examples;
}

Sources fresh_sources(const Spec& spec, std::uint64_t seed, std::int64_t draw) {
  const auto part = [&](Part name, Purpose purpose, Index count, std::int64_t r) {
    return fresh_examples(spec.input, input_stream(spec, purpose, seed, r), 0, count, r, name);
  };
  return {.train = part(Part::train, Purpose::train_inputs, train_points(spec), draw),
          .validation = part(Part::validation, Purpose::validation_inputs, spec.validation_size, draw),
          .test = spec.test_size.is(TestSizeWord::exact)
                      ? exact_examples(spec.input)
                      : part(Part::test, Purpose::test_inputs, test_points(spec), test_draw(spec, draw)),
          .train_label = {}};
}

// Members in an order keyed by r: training from the front, validation from the end, `rest` between them.
Sources enumerated_sources(const Spec& spec, std::uint64_t seed, std::int64_t draw) {
  const std::vector<Index> order =
      input_stream(spec, Purpose::file_permutation, seed, draw).permutation(static_cast<Index>(set_size(spec.input)));
  const auto members = [&](Part name, Index from, Index count) {
    const auto numbers = std::span(order).subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(count));
    Examples examples{.x = set_members(spec.input, numbers), .file_label = {}, .id = {}};
    for (Index k = 0; k < count; ++k) examples.id.push_back(example_id(draw, name, static_cast<std::uint64_t>(k)));
    return examples;
  };
  const Index train = train_points(spec), end = static_cast<Index>(order.size()) - spec.validation_size;
  Sources sources{.train = members(Part::train, 0, train),
                  .validation = members(Part::validation, end, spec.validation_size),
                  .test = {},
                  .train_label = {}};
  if (spec.test_size.is(TestSizeWord::rest))
    sources.test = members(Part::test, train, end - train);
  else
    sources.test = fresh_examples(spec.input, input_stream(spec, Purpose::test_inputs, seed, test_draw(spec, draw)), 0,
                                  test_points(spec), test_draw(spec, draw), Part::test);
  return sources;
}

Examples file_examples(const Pool& pool, const PoolPart& part, Part name, std::span<const Index> rows) {
  Examples examples{.x = pool_rows(pool, part, rows), .file_label = Vector(static_cast<Index>(rows.size())), .id = {}};
  for (std::size_t k = 0; k < rows.size(); ++k) {
    examples.file_label(static_cast<Index>(k)) = part.label(rows[k]);
    examples.id.push_back(example_id(0, name, static_cast<std::uint64_t>(rows[k])));
  }
  return examples;
}

void check_fits(const File& file, std::string_view what, Index wanted, Index there) {
  if (wanted > there)
    throw EnvironmentError(
        fmt::format("{}: {} asks for {} rows where the file has {} (of the classes asked for); ask for fewer",
                    file.path, what, wanted, there));
}

// Rows that streams choose among: content and classes. Centring, scaling and labels change no choice.
std::string pool_text(const File& file, const Pool& pool) {
  return fmt::format("{}\n{}", pool.content, fmt::join(file.classes, ","));
}

Sources file_sources(const Spec& spec, const File& file, const Pool& pool, std::uint64_t seed, std::int64_t draw) {
  const std::string text = pool_text(file, pool);
  const Index pool_size = pool.train.rows(), held_out = pool.test.rows();
  const Index train =
      spec.train_size.is(TrainSizeWord::whole) ? pool_size - spec.validation_size : spec.train_size.number();
  const Index test = spec.test_size.is(TestSizeWord::rest) ? held_out : spec.test_size.number();
  check_fits(file, "data.train_size with data.validation_size", std::max<Index>(train, 1) + spec.validation_size,
             pool_size);
  check_fits(file, "data.test_size", test, held_out);
  const auto permutation = [&](Purpose purpose, std::uint64_t r, Part part, Index n) {
    return Stream(seed, purpose, text, r, 0).at(static_cast<std::uint32_t>(part), 0).permutation(n);
  };
  const auto r = static_cast<std::uint64_t>(draw);
  const std::vector<Index> order = permutation(Purpose::file_permutation, r, Part::train, pool_size);
  const std::vector<Index> test_order =
      permutation(Purpose::file_permutation, test_stream_draw(spec, draw), Part::test, held_out);
  const auto front = std::span(order).first(static_cast<std::size_t>(train));
  Sources sources{
      .train = file_examples(pool, pool.train, Part::train, front),
      .validation = file_examples(pool, pool.train, Part::train,
                                  std::span(order).last(static_cast<std::size_t>(spec.validation_size))),
      .test = file_examples(pool, pool.test, Part::test, std::span(test_order).first(static_cast<std::size_t>(test))),
      .train_label = {}};
  return sources;
}

// The target at the row whose label a row gets: a permutation of the whole training pool, so that P plays no part.
Matrix shuffled_file_labels(const Spec& spec, const File& file, const Pool& pool, const TargetFunction& function,
                            const Sources& sources, std::uint64_t seed, std::int64_t draw) {
  const auto r = static_cast<std::uint64_t>(draw);
  const std::vector<Index> other =
      Stream(seed, Purpose::label_shuffle, pool_text(file, pool), r, 0).permutation(pool.train.rows());
  std::vector<Index> rows;
  for (const std::uint64_t id : sources.train.id)  // of a file: the row itself
    rows.push_back(other[static_cast<std::size_t>(id - example_id(0, Part::train, 0))]);
  if (std::holds_alternative<FileLabels>(spec.target)) {
    Vector label(static_cast<Index>(rows.size()));
    for (std::size_t k = 0; k < rows.size(); ++k) label(static_cast<Index>(k)) = pool.train.label(rows[k]);
    const Index count = label.size();
    return evaluate(function, {.x = Matrix(count, 0), .file_label = std::move(label), .id = {}}).total;
  }
  return evaluate(function, file_examples(pool, pool.train, Part::train, rows)).total;
}

// The target at independent inputs: row k of a stream of its own.
Matrix shuffled_fresh_labels(const Spec& spec, const TargetFunction& function, Index count, std::uint64_t seed,
                             std::int64_t draw) {
  const Stream stream = input_stream(spec, Purpose::label_shuffle, seed, draw);
  return evaluate(function, fresh_examples(spec.input, stream, 0, count, draw, Part::online)).total;
}

}  // namespace

std::uint64_t example_id(std::int64_t draw, Part part, std::uint64_t k) {
  return static_cast<std::uint64_t>(draw) << 42 | static_cast<std::uint64_t>(part) << 40 | k;
}

std::string input_text(const InputChoice& input) { return canonical_text("input", input); }

bool is_enumerated(const Spec& spec) {
  return set_size(spec.input) > 0 &&
         (spec.train_size.is(TrainSizeWord::whole) || spec.test_size.is(TestSizeWord::rest));
}

Examples fresh_examples(const InputChoice& input, const Stream& stream, std::uint64_t first, Index count,
                        std::int64_t draw, Part part) {
  Examples examples;
  std::visit(
      [&](const auto& member) {
        if constexpr (Distribution<std::decay_t<decltype(member)>>)
          examples.x = member.draw(stream, first, count);
        else
          assert(false && "a file has no fresh examples");
      },
      input);
  for (Index k = 0; k < count; ++k)
    examples.id.push_back(example_id(draw, part, first + static_cast<std::uint64_t>(k)));
  return examples;
}

Sources make_sources(const Spec& spec, const Domain& domain, const TargetFunction& function, std::uint64_t seed,
                     std::int64_t draw) {
  const bool shuffled = spec.labels == Labels::shuffled;
  if (const auto* file = std::get_if<File>(&spec.input)) {
    assert(domain.pool && "a file's domain has its pool");
    Sources sources = file_sources(spec, *file, *domain.pool, seed, draw);
    if (shuffled) sources.train_label = shuffled_file_labels(spec, *file, *domain.pool, function, sources, seed, draw);
    return sources;
  }
  Sources sources = is_enumerated(spec) ? enumerated_sources(spec, seed, draw) : fresh_sources(spec, seed, draw);
  if (shuffled) sources.train_label = shuffled_fresh_labels(spec, function, sources.train.x.rows(), seed, draw);
  return sources;
}

}  // namespace fieldscan::data
