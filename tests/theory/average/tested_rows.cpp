// Networks are tested on rows of a file that no draw has: the same ones in all draws, which may be harder or easier.
#include <cmath>
#include <functional>
#include <vector>

#include "catch.hpp"
#include "data/fixture.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/theory/average/learning_curve.hpp"
#include "fieldscan/theory/error_source.hpp"
#include "fieldscan/theory/list.hpp"
#include "fieldscan/theory/predict.hpp"
#include "theory/average.hpp"
#include "theory/random.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::stream;

namespace {

constexpr Index small_rows = 400, small_dimension = 4;

using LabelOf = std::function<double(const Vector& x, double noise)>;
/// What networks of an odd activation do not learn: its square is 1 ± √8.
double unequal_label(const Vector& x, double) { return x[0] * x[1]; }
double noise_label(const Vector&, double noise) { return noise > 0 ? 1 : -1; }

/// 300 rows that are drawn from, and 100 that networks are tested on.
struct SmallFile {
  test::Folder folder;
  Setting setting;

  SmallFile(const std::string& name, const LabelOf& label) : folder(name) {
    set_linear_algebra_threads(1);
    const Matrix x = testing::normals(stream(name + " rows"), small_rows, small_dimension);
    const Vector noise = testing::normal_vector(stream(name + " noise"), small_rows);
    std::vector<double> inputs, labels;
    for (Index i = 0; i < small_rows; ++i) {
      for (Index j = 0; j < small_dimension; ++j) inputs.push_back(x(i, j));
      labels.push_back(label(x.row(i).transpose(), noise[i]));
    }
    folder.write("x.npy", test::npy("<f8", "400, 4", inputs));
    folder.write("y.npy", test::npy("<f8", "400,", labels));
    setting.network.activation = network::Erf{};
    setting.network.weight_variance = 2;
    setting.ridge = 0.5;
    setting.dynamics = dynamics::Equilibrium{};
    setting.data.input = data::File{.path = folder.path(), .test_part = 0.25};
    setting.data.target = data::FileLabels{};
    setting.data.train_size = 25;
    setting.data.test_size = data::TestSizeWord::rest;
    data::resolve(setting.data);
  }
};

Row curve_row(const Result& result, Observable observable) {
  for (const Row& row : result.rows)
    if (row.observable == observable) return row;
  FAIL("no such row");
  return {};
}

/// The mean network's error, over 40 draws on the same test rows, and as it is predicted.
struct BesideMeasured {
  testing::Average measured;
  Row predicted;
  Result result;
};
BesideMeasured beside_measured(const std::string& name, const LabelOf& label) {
  const SmallFile file(name, label);
  BesideMeasured out;
  for (int r = 0; r < 40; ++r)
    out.measured.add(curve_row(predict(Nngp{}, file.setting, r, data::make_draw(file.setting.data, 1, r)),
                               Observable::error_mean_predictor)
                         .value);
  out.result = predict(LearningCurve{}, file.setting, 0);
  out.predicted = curve_row(out.result, Observable::error_mean_predictor);
  return out;
}

}  // namespace

TEST_CASE("few test rows whose errors are unequal leave the curve open: it says how far, and is flagged") {
  double with = 0, without = 0;
  constexpr int files = 12;
  for (int k = 0; k < files; ++k) {
    const BesideMeasured b = beside_measured("unequal " + std::to_string(k), unequal_label);
    const double difference = b.measured.mean() - b.predicted.value;
    with += std::pow(difference / std::hypot(b.measured.error(), b.predicted.standard_error), 2) / files;
    without += std::pow(difference / b.measured.error(), 2) / files;
    CHECK(b.predicted.flag == Flag::outside_validity);
    CHECK(curve_row(b.result, Observable::error_test).flag == Flag::outside_validity);
    CHECK(curve_row(b.result, Observable::error_train).flag == Flag::none);
    CHECK(curve_row(b.result, Observable::validity).value ==
          Approx(b.predicted.standard_error / b.predicted.value).epsilon(1e-9));
    CHECK(b.result.reason.find("networks are tested on 100 other rows of the file, the same in all draws") !=
          std::string::npos);
  }
  CAPTURE(with, without);
  // χ² of 12 degrees of freedom over 12: below 0.26 or above 2.4 once in a hundred times.
  CHECK(with > 0.26);
  CHECK(with < 2.4);
  CHECK(without > 9);  // the control: the error over draws does not know of it
}

TEST_CASE("where all rows are as hard the curve of a small file is within five percent, and is not flagged") {
  for (int k = 0; k < 6; ++k) {
    const BesideMeasured b = beside_measured("noise " + std::to_string(k), noise_label);
    CAPTURE(k, b.measured.mean(), b.predicted.value, b.predicted.standard_error);
    CHECK(b.predicted.flag == Flag::none);
    CHECK(b.predicted.standard_error < 0.05 * b.predicted.value);
    CHECK(std::abs(b.measured.deviation(b.predicted.value, 0.02)) < 4);
    CHECK(b.measured.mean() == Approx(b.predicted.value).epsilon(0.05));
    CHECK(b.result.reason == "from all 300 rows of the file");
  }
}

TEST_CASE("all rows, and a sample that is all of them, leave the same open; fewer test rows leave more") {
  SmallFile file("unequal 0", unequal_label);
  Setting& s = file.setting;
  const auto open = [&](const LearningCurve& curve) {
    return curve_row(predict(curve, s, 0), Observable::error_mean_predictor).standard_error;
  };
  const double all = open(LearningCurve{});
  CHECK(open(LearningCurve{.rows = RowsOfFile::all}) == Approx(all).epsilon(1e-4));
  const std::string text = prediction_text(LearningCurve{}, s);
  s.data.test_size = 25;
  CHECK(open(LearningCurve{}) == all);  // of these 100 every draw takes 25
  CHECK(prediction_text(LearningCurve{}, s) == text);
  s.data.test_set = data::TestSet::shared;
  CHECK(open(LearningCurve{}) == Approx(all * std::sqrt((1 / 300. + 1 / 25.) / (1 / 300. + 1 / 100.))).epsilon(1e-9));
  CHECK(prediction_text(LearningCurve{}, s) != text);
}

TEST_CASE("all points of a curve have the error of the same rows, others of a file have others") {
  SmallFile file("unequal 0", unequal_label);
  Setting& s = file.setting;
  const std::string rows = error_source(LearningCurve{}, s);
  CHECK_FALSE(rows.empty());
  CHECK(error_source(Nngp{}, s).empty());
  s.data.train_size = 50;
  s.network.weight_variance = 1;
  CHECK(error_source(LearningCurve{}, s) == rows);
  CHECK(error_source(LearningCurve{.rows = RowsOfFile::all}, s) == rows);
  s.seed += 1;
  CHECK(error_source(LearningCurve{}, s) != rows);
  s.data.input = data::Sphere{.dim = 4};
  CHECK(error_source(LearningCurve{}, s).empty());
}
