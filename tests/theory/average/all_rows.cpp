#include "fieldscan/theory/average/all_rows.hpp"

#include <cmath>
#include <vector>

#include "catch.hpp"
#include "data/fixture.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/theory/average/learning_curve.hpp"
#include "fieldscan/theory/predict.hpp"
#include "theory/random.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::stream;

namespace {

constexpr Index file_rows = 900, file_dimension = 12;

/// A file of rows with falling variances, and the setting of a network on it.
struct FileOfRows {
  test::Folder folder{"all rows"};
  Setting setting;

  explicit FileOfRows(Dynamics dynamics) {
    set_linear_algebra_threads(1);
    const Matrix x = testing::normals(stream("all rows of a file"), file_rows, file_dimension);
    std::vector<double> inputs, labels;
    for (Index i = 0; i < file_rows; ++i) {
      for (Index j = 0; j < file_dimension; ++j)
        inputs.push_back(2 * x(i, j) / std::sqrt(1.0 + static_cast<double>(j)));
      labels.push_back(std::tanh(2 * x(i, 0)) + 0.5 * std::sin(2 * x(i, 1)) * x(i, 2));
    }
    folder.write("x.npy", test::npy("<f8", "900, 12", inputs));
    folder.write("y.npy", test::npy("<f8", "900,", labels));
    setting.network.activation = network::Erf{};
    setting.network.weight_variance = 2;
    setting.network.bias_variance = 0.05;
    setting.ridge = 0.02;
    setting.dynamics = std::move(dynamics);
    setting.data.input = data::File{.path = folder.path()};
    setting.data.target = data::FileLabels{};
    setting.data.noise = 0.1;
    setting.data.train_size = 60;
    data::resolve(setting.data);
  }
};

}  // namespace

TEST_CASE("a learning curve of all rows agrees with that of all their eigenvectors within its error") {
  FileOfRows example(dynamics::Equilibrium{});
  Setting& s = example.setting;
  for (const bool descent : {false, true}) {
    if (descent) {
      s.dynamics = dynamics::Flow{};
      s.network.centred = true;
    }
    // So few rows are a sample that is all of them.
    const Result whole = predict(LearningCurve{}, s, 0);
    const Result top = predict(LearningCurve{.rows = RowsOfFile::all}, s, 0);
    CAPTURE(descent, whole.reason, top.reason);
    CHECK(whole.reason.starts_with("from all "));
    CHECK(top.reason.find("by 512 eigenvectors") != std::string::npos);
    REQUIRE(whole.rows.size() == top.rows.size());
    double largest_error = 0;
    for (std::size_t k = 0; k < whole.rows.size(); ++k) {
      const Row &a = whole.rows[k], &b = top.rows[k];
      CAPTURE(info(a.observable).name, a.value, b.value, b.standard_error);
      CHECK(a.observable == b.observable);
      // Of test errors most of the standard error is of which rows are tested: both state the same.
      const bool tested = a.observable == Observable::error_test || a.observable == Observable::error_mean_predictor;
      if (tested) CHECK(b.standard_error == Approx(a.standard_error).epsilon(0.02));
      const double tolerance = tested ? 1e-3 : a.observable == Observable::validity ? 0.01 : 1e-6;
      CHECK(std::abs(a.value - b.value) <= (tested ? 0 : 2 * b.standard_error) + tolerance * std::abs(a.value));
      if (a.observable != Observable::eigenvalue && !tested)
        largest_error = std::max(largest_error, b.standard_error / std::max(std::abs(b.value), 1e-3));
    }
    CHECK(largest_error < 0.02);
    CHECK(largest_error > 0);
  }
}

TEST_CASE("all rows are another prediction, and only of files whose networks show no initial output") {
  FileOfRows example(dynamics::Flow{});
  Setting& s = example.setting;
  const LearningCurve all{.rows = RowsOfFile::all};
  CHECK(applicability(all, s).because.find("must be subtracted") != std::string::npos);
  s.network.centred = true;
  CHECK(applicability(all, s).applies);
  CHECK(prediction_text(all, s) != prediction_text(LearningCurve{}, s));
  CHECK(all_rows_of(s).top == 512);
  s.data.train_size = 600;
  CHECK(all_rows_of(s).top == 750);
  s.data.input = data::Sphere{.dim = 8};
  s.data.target = data::Linear{};
  CHECK(applicability(all, s).because.find("rows of a file") != std::string::npos);
  CHECK(prediction_text(LearningCurve{}, s).find("rows") == std::string::npos);
}
