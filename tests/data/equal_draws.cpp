#include "fieldscan/data/equal_draws.hpp"

#include <algorithm>
#include <memory>

#include "catch.hpp"
#include "fieldscan/data/draw.hpp"
#include "near.hpp"

using namespace fieldscan;
using namespace fieldscan::data;

namespace {

/// 30 training and 10 test rows.
Spec of_file(const auto& change) {
  Spec spec{.input = File{.facts = std::make_shared<FileFacts>(
                              FileFacts{.dimension = 4, .has_test = true, .train_rows = 30, .test_rows = 10})},
            .target = FileLabels{},
            .train_size = TrainSizeWord::whole,
            .test_size = TestSizeWord::rest};
  change(spec);
  return spec;
}
Spec of_set(const auto& change) {
  Spec spec{.input = Hypercube{.dim = 5}, .target = Parity{}, .train_size = TrainSizeWord::whole, .test_size = 12};
  change(spec);
  return spec;
}
Matrix sorted_rows(const Matrix& x) {
  std::vector<std::vector<double>> rows;
  for (Index k = 0; k < x.rows(); ++k) rows.emplace_back(x.row(k).begin(), x.row(k).end());
  std::ranges::sort(rows);
  Matrix out = x;
  for (Index k = 0; k < x.rows(); ++k)
    for (Index i = 0; i < x.cols(); ++i) out(k, i) = rows[static_cast<std::size_t>(k)][static_cast<std::size_t>(i)];
  return out;
}

}  // namespace

TEST_CASE("draws of all rows are copies, unless something of them is drawn anew") {
  const auto equal = [](const auto& change) { return equal_draws(of_file(change)); };
  CHECK(equal([](Spec&) {}));
  CHECK(equal([](Spec& s) { s.train_size = 30; }));
  CHECK(equal([](Spec& s) { s.test_size = 10; }));
  CHECK(equal([](Spec& s) { s.test_size = 3, s.test_set = TestSet::shared; }));
  CHECK(equal([](Spec& s) { s.target = Random{}; }));  // of the row
  CHECK(equal([](Spec& s) { s.target = Linear{}; }));
  CHECK_FALSE(equal([](Spec& s) { s.train_size = 29; }));
  CHECK_FALSE(equal([](Spec& s) { s.test_size = 9; }));
  CHECK_FALSE(equal([](Spec& s) { s.validation_size = 1; }));
  CHECK_FALSE(equal([](Spec& s) { s.noise = 0.1; }));
  CHECK_FALSE(equal([](Spec& s) { s.labels = Labels::shuffled; }));
  CHECK_FALSE(equal([](Spec& s) { s.target = Linear{.draw = Redraw::each}; }));
  CHECK_FALSE(equal([](Spec& s) { s.target = Several{.of = {FileLabels{}, Linear{.draw = Redraw::each}}}; }));
  CHECK_FALSE(equal([](Spec& s) { s.input = File{.path = "not looked at"}; }));
  CHECK_FALSE(equal([](Spec& s) { s.input = Sphere{.dim = 4}, s.train_size = 30; }));
  CHECK(equal_training_sets(of_file([](Spec& s) { s.test_size = 9; })));
  CHECK_FALSE(equal_training_sets(of_file([](Spec& s) { s.train_size = 29; })));
  CHECK_FALSE(equal_training_rows(of_file([](Spec& s) { s.train_size = 29; })));
  // Noise makes other labels, of the same rows.
  const Spec noisy = of_file([](Spec& s) { s.noise = 0.1; });
  CHECK(equal_training_rows(noisy));
  CHECK_FALSE(equal_training_sets(noisy));
  const auto tested = [](const auto& change) { return equal_test_sets(of_file(change)); };
  CHECK(tested([](Spec& s) { s.train_size = 5; }));
  CHECK(tested([](Spec& s) { s.train_size = 5, s.test_size = 9, s.test_set = TestSet::shared; }));
  CHECK(tested([](Spec& s) { s.train_size = 5, s.noise = 0.1; }));  // test targets are clean
  CHECK_FALSE(tested([](Spec& s) { s.test_size = 9; }));
  CHECK_FALSE(tested([](Spec& s) { s.target = Linear{.draw = Redraw::each}; }));
  CHECK(equal_targets(of_file([](Spec& s) { s.noise = 0.1; })));
  CHECK_FALSE(equal_targets(of_file([](Spec& s) { s.target = Linear{.draw = Redraw::each}; })));
}

TEST_CASE("draws of a finite set: the whole of it is one, complements are not") {
  const Spec whole = of_set([](Spec&) {}), rest = of_set([](Spec&s) {
                                             s.train_size = 20;
                                             s.test_size = TestSizeWord::rest;
                                           }),
             drawn = of_set([](Spec&s) { s.train_size = 32; }), own = of_set([](Spec&s) { s.target = Random{}; });
  const auto train = [](const Spec& spec, std::int64_t r) { return sorted_rows(make_draw(spec, 3, r).train.x); };
  CHECK(equal_training_sets(whole));
  CHECK(near::equal(train(whole, 0), train(whole, 1)));
  for (const Spec& other : {rest, drawn}) {
    CHECK_FALSE(equal_training_sets(other));
    CHECK_FALSE(near::equal(train(other, 0), train(other, 1)));
  }
  CHECK_FALSE(equal_training_sets(own));
  CHECK_FALSE(equal_draws(whole));  // twelve test points of its own in every draw
  CHECK(equal_draws(of_set([](Spec& s) { s.test_set = TestSet::shared; })));
}
