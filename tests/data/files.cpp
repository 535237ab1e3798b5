#include <algorithm>
#include <set>

#include "catch.hpp"
#include "fieldscan/core/canonical.hpp"
#include "fieldscan/data/draw.hpp"
#include "fixture.hpp"
#include "near.hpp"

using namespace fieldscan;
using namespace fieldscan::data;

namespace {

// Pixel p of image k of the fixture, as the pool has it before centring.
double train_pixel(int k, int p) { return ((7 * k + 11 * p + 1) % 256) / 255.0; }
double test_pixel(int k, int p) { return ((5 * k + 3 * p + 2) % 256) / 255.0; }

Spec images(const std::string& path, auto change) {
  Spec spec{.input = File{.path = path}, .target = FileLabels{}, .train_size = 10, .test_size = 5};
  change(std::get<File>(spec.input), spec);
  return spec;
}
}  // namespace

TEST_CASE("idx: pixels, classes, labels", "[files]") {
  const test::Folder folder("idx");
  test::write_images(folder, 30, 12);
  const auto pool = load_pool(File{.path = folder.path(), .classes = {2, 0}, .scaling = Scaling::none});
  CHECK(pool->dimension == 6);
  REQUIRE(pool->train.rows() == 20);
  REQUIRE(pool->test.rows() == 8);
  std::vector<Index> rows(20);
  for (Index k = 0; k < 20; ++k) rows[static_cast<std::size_t>(k)] = k;
  const Matrix x = pool_rows(*pool, pool->train, rows);
  const Matrix held_out = pool_rows(*pool, pool->test, std::span(rows).first(8));
  for (int k = 0; k < 20; ++k) {
    const int image = k / 2 * 3 + (k % 2 == 0 ? 0 : 2);  // labels 0, 2, 0, 2, …
    CHECK(pool->train.label(k) == (k % 2 == 0 ? 1 : -1));
    for (int p = 0; p < 6; ++p) CHECK(x(k, p) == train_pixel(image, p));
    for (int p = 0; p < 6 && k < 8; ++p) CHECK(held_out(k, p) == test_pixel(image, p));
  }
  const auto rest = load_pool(File{.path = folder.path(), .one_vs_rest = 1});
  CHECK(rest->train.rows() == 30);
  CHECK((rest->train.label.array() == 1).count() == 10);
  CHECK((rest->train.label.array() == -1).count() == 20);
  CHECK(load_pool(File{.path = folder.path()})->train.label(5) == 2);
}

TEST_CASE("centring and scaling act on the pool", "[files]") {
  const test::Folder folder("scaling");
  test::write_images(folder, 30, 12);
  std::vector<Index> rows(30);
  for (Index k = 0; k < 30; ++k) rows[static_cast<std::size_t>(k)] = k;
  const auto x = [&](bool centred, Scaling scaling) {
    const auto pool = load_pool(File{.path = folder.path(), .centred = centred, .scaling = scaling});
    return pool_rows(*pool, pool->train, rows);
  };
  const Matrix raw = x(false, Scaling::none), centred = x(true, Scaling::none);
  const Matrix by_hand = raw.rowwise() - raw.colwise().mean();
  CHECK(near::largest_difference(centred, by_hand) < 1e-15);
  CHECK((x(true, Scaling::dimension).rowwise().squaredNorm().array() - 6).abs().maxCoeff() < 1e-12);
  CHECK(near::largest_difference(x(true, Scaling::unit), by_hand.rowwise().normalized()) < 1e-14);
}

TEST_CASE("draws from a file", "[files]") {
  const test::Folder folder("draws");
  test::write_images(folder, 30, 12);
  Spec spec = images(folder.path(), [](File& file, Spec& s) { file.classes = {2, 0}, s.validation_size = 4; });
  const Draw draw = make_draw(spec, 1, 0);
  CHECK(draw.train.x.rows() == 10);
  CHECK(draw.test.x.rows() == 5);
  CHECK(input_dimension(spec) == 6);
  // no row twice, training and validation disjoint
  std::set<std::vector<double>> seen;
  for (const Sample* sample : {&draw.train, &draw.validation})
    for (Index k = 0; k < sample->x.rows(); ++k) seen.insert({sample->x(k, 0), sample->x(k, 1), sample->x(k, 2)});
  CHECK(seen.size() == 14);
  // nested, and independent of how many rows are set aside
  const auto smaller = [&](int train, int validation) {
    Spec s = spec;
    s.train_size = train, s.validation_size = validation;
    return make_draw(s, 1, 0);
  };
  CHECK(near::equal(smaller(3, 0).train.x, draw.train.x.topRows(3)));
  CHECK(near::equal(smaller(16, 4).train.x.topRows(10), draw.train.x));
  CHECK(near::equal(smaller(10, 2).validation.x, draw.validation.x.bottomRows(2)));
  CHECK(make_draw(spec, 1, 1).train.x != draw.train.x);
  CHECK(make_draw(spec, 1, 1).test.x != draw.test.x);
  spec.test_set = TestSet::shared;
  CHECK(near::equal(make_draw(spec, 1, 1).test.x, make_draw(spec, 1, 2).test.x));
  // centring moves rows but chooses the same ones
  const Spec centred = images(folder.path(), [](File& file, Spec&) { file.classes = {2, 0}, file.centred = true; });
  CHECK(near::equal(make_draw(centred, 1, 0).train.label, draw.train.label));
  // a kept pool gives the same bits
  CHECK(near::equal(make_draw(spec, load_pool(spec), 1, 3).train.x, make_draw(spec, 1, 3).train.x));
}

TEST_CASE("whole and rest of a file", "[files]") {
  const test::Folder folder("whole");
  test::write_images(folder, 30, 12);
  Spec spec = images(folder.path(), [](File& file, Spec& s) {
    file.classes = {2, 0}, s.train_size = TrainSizeWord::whole, s.test_size = TestSizeWord::rest, s.validation_size = 3;
  });
  CHECK(spec.problem().value_or("") == "");
  CHECK(train_points(spec) == 17);
  CHECK(test_points(spec) == 8);
  resolve(spec);
  CHECK(train_points(spec) == 17);
  CHECK(test_points(spec) == 8);
  const Draw draw = make_draw(spec, 1, 0);
  CHECK(draw.train.x.rows() == 17);
  CHECK(draw.test.x.rows() == 8);
}

TEST_CASE("shuffled labels of a file are a permutation that P plays no part in", "[files]") {
  const test::Folder folder("shuffled");
  test::write_images(folder, 300, 12);
  Spec spec = images(folder.path(), [](File& file, Spec& s) {
    file.classes = {2, 0}, s.labels = Labels::shuffled, s.train_size = TrainSizeWord::whole;
  });
  const Draw all = make_draw(spec, 1, 0);
  CHECK(all.train.label.sum() == all.train.target.sum());
  CHECK(all.train.label != all.train.target);
  CHECK(std::abs(all.train.label.col(0).dot(all.train.target.col(0))) / std::sqrt(200) < 4);  // independent signs
  CHECK(near::equal(all.test.label, all.test.target));
  spec.train_size = 40;
  CHECK(near::equal(make_draw(spec, 1, 0).train.label, all.train.label.topRows(40)));
  CHECK(near::equal(make_draw(spec, 1, 0).train.x, all.train.x.topRows(40)));
  spec.labels = Labels::given;
  CHECK(near::equal(make_draw(spec, 1, 0).train.x, all.train.x.topRows(40)));
  spec.labels = Labels::shuffled;
  spec.target = Linear{};
  const Draw linear = make_draw(spec, 1, 0);
  CHECK(linear.train.label != linear.train.target);
}

TEST_CASE("labels as classes: one output each, in the order asked for", "[files]") {
  const test::Folder folder("one_hot");
  test::write_images(folder, 30, 12);  // labels 0, 1, 2, 0, …
  const auto classes = [&](auto change) {
    Spec spec = images(folder.path(), [&](File& file, Spec& s) {
      s.target = FileLabels{.coding = Coding::one_hot}, s.test_size = 4;
      change(file);
    });
    const int unresolved = output_count(spec);
    resolve(spec);
    CHECK(spec.problem().value_or("") == "");
    CHECK(output_count(spec) == unresolved);
    const Draw draw = make_draw(spec, 1, 0);
    CHECK(draw.train.target.cols() == output_count(spec));
    CHECK(draw.train.target.rowwise().sum().cwiseAbs().maxCoeff() < 1e-15);
    spec.labels = Labels::shuffled;
    CHECK(make_draw(spec, 1, 0).train.label.rowwise().sum().cwiseAbs().maxCoeff() < 1e-15);
    return draw.train.target;
  };
  const auto numbers = [&](auto change) {
    return make_draw(images(folder.path(), [&](File& file, Spec&) { change(file); }), 1, 0).train.target;
  };
  const Matrix all = classes([](File&) {}), label = numbers([](File&) {});
  for (Index c = 0; c < 3; ++c)
    CHECK(near::equal(all.col(c), Vector((label.array() == static_cast<double>(c)).cast<double>() - 1.0 / 3)));
  const auto reorder = [](File& file) { file.classes = {2, 0, 1}; };
  const Matrix order = classes(reorder), same_rows = numbers(reorder);
  CHECK(order.cols() == 3);
  CHECK(near::equal(order.col(0), Vector((same_rows.array() == 2.0).cast<double>() - 1.0 / 3)));
  // Two classes, and one against the rest: the numbers −1 and +1 are outputs of their own.
  for (const auto change : {+[](File& file) { file.classes = {2, 0}; }, +[](File& file) { file.one_vs_rest = 1; }}) {
    const Matrix two = classes(change), sign = numbers(change);
    CHECK(near::equal(two.col(1), sign / 2));
    CHECK(near::equal(two.col(0), -sign / 2));
  }
  // More than two classes are no numbers; and labels between whole numbers are no classes.
  Spec spec = images(folder.path(), [](File& file, Spec&) { file.classes = {2, 0, 1}; });
  CHECK(test::missing(spec.problem().value_or(""), {"one_vs_rest", "coding: one_hot"}) == "");
  spec.input = File{.path = folder.write("t.csv", "1,0.5\n2,1\n3,2\n4,3\n5,1\n")};
  spec.target = FileLabels{.coding = Coding::one_hot};
  spec.train_size = 2, spec.test_size = 1;
  CHECK(test::missing(test::error_of([&] { make_draw(spec, 1, 0); }), {"whole numbers"}) == "");
  resolve(spec);
  CHECK(test::missing(spec.problem().value_or(""), {"whole numbers", "coding"}) == "");
}

TEST_CASE("other targets on the images of a file have mean square one", "[files]") {
  const test::Folder folder("functions");
  test::write_images(folder, 90, 12);
  for (const TargetChoice& target : std::vector<TargetChoice>{
           Linear{}, Hermite{.coefficients = {0, 1, 1}, .normalise = true}, TeacherNetwork{}, Random{}}) {
    INFO(kind_of(target));
    const Spec spec = images(folder.path(), [&](File& file, Spec& s) {
      file.centred = true, s.target = target, s.train_size = TrainSizeWord::whole;
    });
    CHECK(spec.problem().value_or("") == "");
    const Draw draw = make_draw(spec, 1, 0);
    CHECK(draw.train.target.squaredNorm() / 90 == Approx(1).epsilon(1e-12));  // the reference sample is the pool
  }
}

TEST_CASE("identity of a file is its content", "[files]") {
  const test::Folder one("content1"), two("content2"), three("content3");
  test::write_images(one, 30, 12);
  test::write_images(two, 30, 12);
  test::write_images(three, 33, 12);
  // plain instead of compressed: the same data
  const std::string name = "train-labels-idx1-ubyte";
  std::vector<std::uint8_t> labels;
  for (unsigned k = 0; k < 30; ++k) labels.push_back(static_cast<std::uint8_t>(k % 3));
  two.remove(name);
  two.write_gz(name + ".gz", test::idx({30}, labels));
  const auto text = [](const test::Folder& folder, auto... classes) {
    return canonical_text("input", InputChoice(File{.path = folder.path(), .classes = {classes...}}));
  };
  CHECK(text(one, 0, 1) == text(two, 0, 1));
  CHECK(text(one, 0, 1) != text(three, 0, 1));
  CHECK(text(one, 0, 1) != text(one, 1, 0));
  CHECK(text(one).find(one.path()) == std::string::npos);

  InputChoice input = File{.path = one.path()};
  const std::string before = canonical_text("input", input);
  resolve(input);
  const auto facts = std::get<File>(input).facts;
  REQUIRE(facts);
  CHECK(facts->dimension == 6);
  CHECK(facts->has_test);
  CHECK(facts->train_count == std::map<double, Index>{{0, 10}, {1, 10}, {2, 10}});
  resolve(input);
  CHECK(std::get<File>(input).facts == facts);  // read once
  CHECK(canonical_text("input", input) == before);
  CHECK(input == InputChoice(File{.path = one.path()}));
  CHECK(File{}.content_key() == "none");
}
