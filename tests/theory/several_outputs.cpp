#include <algorithm>
#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/average/equivalent_kernel.hpp"
#include "fieldscan/theory/average/learning_curve.hpp"
#include "fieldscan/theory/average/random_features.hpp"
#include "fieldscan/theory/descent/ntk_descent.hpp"
#include "fieldscan/theory/descent/ntk_flow.hpp"
#include "fieldscan/theory/finite_width/deep_adaptation.hpp"
#include "fieldscan/theory/finite_width/deep_linear.hpp"
#include "fieldscan/theory/finite_width/deep_linear_decay.hpp"
#include "fieldscan/theory/finite_width/kernel_adaptation.hpp"
#include "fieldscan/theory/finite_width/kernel_renormalisation.hpp"
#include "fieldscan/theory/finite_width/perturbative.hpp"
#include "fieldscan/theory/finite_width/problem.hpp"
#include "fieldscan/theory/finite_width/variational_adaptation.hpp"
#include "fieldscan/theory/regression/nngp.hpp"
#include "fieldscan/theory/regression/ntk.hpp"
#include "theory/examples.hpp"
#include "theory/finite_width/draws.hpp"

/// What theories given a draw say of several outputs: where the outputs do not know of each other, what they say of
/// each; where they do, what symmetry demands.
namespace fieldscan::theory {

namespace several_outputs {

using enum Observable;

/// 12 points in d dimensions, 7 test points; labels and targets of C outputs.
data::Draw draw_of(Index dimension, Index outputs) {
  const Stream s = testing::stream("several outputs");
  data::Draw draw;
  draw.train.x = testing::normals(s, 12, dimension);
  draw.train.target = draw.train.label = testing::normals(s, 12, outputs, 1000);
  draw.test.x = testing::normals(s, 7, dimension, 2000);
  draw.test.target = draw.test.label = testing::normals(s, 7, outputs, 3000);
  return draw;
}

/// Labels and targets times a matrix [C × C′].
data::Draw times(data::Draw draw, const Matrix& matrix) {
  for (data::Sample* sample : {&draw.train, &draw.test}) {
    sample->target = Matrix(sample->target * matrix);
    sample->label = Matrix(sample->label * matrix);
  }
  return draw;
}
data::Draw only(const data::Draw& draw, Index output) {
  const Index outputs = draw.train.label.cols();
  return times(draw, Matrix::Identity(outputs, outputs).col(output));
}
Matrix turn_of(Index outputs) {
  const Matrix any = testing::normals(testing::stream("turn"), outputs, outputs);
  return eigenpairs(any + any.transpose()).vectors;
}

/// [test points × C], of the last time.
Matrix predictor_of(const Result& result) {
  Matrix out;
  for (const Array& array : result.arrays) {
    if (array.observable != predictor) continue;
    const Index points = array.shape[0], outputs = array.shape.size() > 1 ? array.shape[1] : 1;
    out = Eigen::Map<const Matrix>(array.data.data(), outputs, points).transpose();
  }
  return out;
}

bool is_summed(Observable o) {
  constexpr std::array summed{error_test, error_mean_predictor, error_train, error_loo,
                              error_gcv,  variance_posterior,   log_evidence};
  return std::ranges::find(summed, o) != summed.end();
}

/// The largest deviation of the rows from those of single outputs: sums over them, or what all have in common.
double deviation_of_rows(const Result& all, const std::vector<Result>& each) {
  double worst = 0;
  for (std::size_t k = 0; k < all.rows.size(); ++k) {
    const Row& row = all.rows[k];
    if (row.observable == listed("solver_residual")) continue;  // of equations of their own
    double expected = 0;
    for (const Result& one : each) {
      if (one.rows.at(k).observable != row.observable) return std::nan("");
      expected += one.rows[k].value / (is_summed(row.observable) ? 1 : static_cast<double>(each.size()));
    }
    worst = std::max(worst, std::abs(row.value - expected) / std::max(1.0, std::abs(expected)));
  }
  return worst;
}

template <class T>
void check_sums(const T& theory, const Setting& setting) {
  for (const Index outputs : {2, 3}) {
    CAPTURE(T::kind, outputs, setting.ridge);
    const data::Draw draw = draw_of(5, outputs);
    // Of one output accuracy is its sign's, and its scale may have several roots.
    const auto of_outputs = [](Result result) {
      std::erase_if(result.rows, [](const Row& row) {
        return row.observable == accuracy || row.observable == listed("start_difference");
      });
      return result;
    };
    const Result all = of_outputs(testing::predict(theory, setting, draw));
    std::vector<Result> each;
    double worst = 0;
    for (Index c = 0; c < outputs; ++c) {
      each.push_back(of_outputs(testing::predict(theory, setting, only(draw, c))));
      const Matrix one = predictor_of(each.back());
      worst = std::max(worst, (predictor_of(all).col(c) - one).cwiseAbs().maxCoeff() / one.norm());
    }
    CHECK(worst < 1e-9);
    CHECK(all.rows.size() == each[0].rows.size());
    CHECK(deviation_of_rows(all, each) < 1e-9);
    each.back() = each.front();
    CHECK(deviation_of_rows(all, each) > 1e-3);  // the outputs are unlike
  }
}

TEST_CASE("theories of independent outputs: errors are sums over what is said of each") {
  Setting s = laws::sampler();
  for (const double ridge : {0.1, 0.0}) {
    s.ridge = ridge;
    check_sums(Nngp{}, s);
  }
  Setting d = laws::descent();
  check_sums(NtkRegression{}, d);
  check_sums(NtkDescent{}, d);
  d.dynamics = dynamics::Flow{};
  check_sums(NtkFlow{}, d);
}

/// Averages over data of a list of targets: sums over what is said of each.
template <class T>
void check_averages(const T& theory, Setting setting) {
  const data::Gegenbauer first{.levels = {{1, 0.7}, {2, 0.3}}}, second{.levels = {{3, 0.4}}};
  setting.data.train_size = 200;
  const auto of = [&](const data::TargetChoice& target) {
    setting.data.target = target;
    CHECK(applicability(theory, setting).because.empty());
    return predict(theory, setting, 0);
  };
  const Result all = of(data::Several{.of = {first, second, first}});
  const std::vector<Result> each{of(first), of(second), of(first)};
  int compared = 0;
  for (const Row& row : all.rows) {
    if (row.observable == learnability) continue;  // of one output alone
    double expected = 0;
    for (const Result& one : each)
      expected += testing::row_of(one, row.observable, row.coordinate) / (is_summed(row.observable) ? 1 : 3);
    CAPTURE(T::kind, word(row.observable));
    CHECK(row.value == Approx(expected).epsilon(1e-11));
    compared += is_summed(row.observable);
  }
  CHECK(compared >= 2);
}

TEST_CASE("averages over data of several targets are sums, of one renormalised ridge") {
  Setting sampled = laws::sampler(), descending = laws::descent(), frozen = sampled;
  check_averages(LearningCurve{}, sampled);
  check_averages(LearningCurve{}, descending);
  check_averages(EquivalentKernel{}, sampled);
  check_averages(EquivalentKernel{}, descending);
  frozen.network.train = descending.network.train = network::Trained::readout;
  check_averages(RandomFeatures{}, frozen);
  check_averages(RandomFeatures{}, descending);
  // What is derived for one output says so.
  Setting two = laws::two_outputs(laws::descent());
  two.data.target = data::Several{.of = {data::Linear{}, data::Linear{}}};
  CHECK(applicability(NtkFlow{.averaged = true}, two).because.find("one output") != std::string::npos);
}

TEST_CASE("the accuracy is that of the mean where networks do not scatter, and lower where they do") {
  const data::Draw draw = draw_of(5, 3);
  const auto shares = [&](const auto& theory, const Setting& setting) {
    const Result result = testing::predict(theory, setting, draw);
    const Matrix mean = predictor_of(result);
    double right = 0;
    for (Index k = 0; k < mean.rows(); ++k) {
      Index own = 0, wanted = 0;
      mean.row(k).maxCoeff(&own);
      draw.test.target.row(k).maxCoeff(&wanted);
      right += own == wanted ? 1.0 / static_cast<double>(mean.rows()) : 0.0;
    }
    return std::pair(testing::row_of(result, accuracy), right);
  };
  Setting s = laws::sampler(), d = laws::descent();
  s.network.chi = 1e14;
  d.network.centred = true;
  const auto [sure, sure_mean] = shares(Nngp{}, s);
  CHECK(sure == Approx(sure_mean).epsilon(1e-9));
  const auto [centred, centred_mean] = shares(NtkRegression{}, d);
  CHECK(centred == Approx(centred_mean).epsilon(1e-12));
  s.network.chi = 1e-14;  // all classes alike
  CHECK(shares(Nngp{}, s).first == Approx(1.0 / 3).epsilon(1e-4));
  s.network.chi = 1;
  CHECK(std::abs(shares(Nngp{}, s).first - sure_mean) > 0.01);
}

/// Labels that are sums of different eigenvectors of K: their scales do not know of each other.
data::Draw in_eigenvectors(const KernelSpec& kernel, Index outputs) {
  data::Draw draw = draw_of(5, outputs);
  const Matrix vectors = eigenpairs(problem_of(kernel, draw).train).vectors;
  draw.train.label.setZero();
  for (Index k = 0; k < 5; ++k)
    draw.train.label.col(k % outputs) += (1 + 0.3 * static_cast<double>(k)) * vectors.col(k);
  draw.train.target = draw.train.label;
  return draw;
}

template <class T>
void check_scales(const T& theory, const Setting& setting) {
  for (const Index outputs : {2, 3}) {
    CAPTURE(T::kind, outputs);
    const auto number = static_cast<double>(outputs);
    const data::Draw draw = in_eigenvectors(kernel_spec(setting.network), outputs);
    const Result all = testing::predict(theory, setting, draw);
    for (const Observable o : {error_test, error_train, variance_posterior, log_evidence, norm_excess}) {
      const double coordinate = o == norm_excess ? 1 : 0;
      if (std::isnan(testing::row_of(all, o, coordinate))) continue;
      double sum = 0, mixed = 0;
      const data::Draw turned = times(draw, turn_of(outputs));
      for (Index c = 0; c < outputs; ++c) {
        sum += testing::row_of(testing::predict(theory, setting, only(draw, c)), o, coordinate);
        mixed += testing::row_of(testing::predict(theory, setting, only(turned, c)), o, coordinate);
      }
      CAPTURE(word(o));
      CHECK(testing::row_of(all, o, coordinate) == Approx(sum).epsilon(1e-7));
      CHECK(testing::row_of(testing::predict(theory, setting, turned), o, coordinate) == Approx(sum).epsilon(1e-7));
      CHECK(std::abs(mixed / sum - 1) > 1e-5);  // mixed outputs do know of each other
    }
    double scale = 0;
    for (Index c = 0; c < outputs; ++c) {
      const Result one = testing::predict(theory, setting, only(draw, c));
      CHECK((predictor_of(all).col(c) - predictor_of(one)).norm() < 1e-7 * predictor_of(one).norm());
      scale += testing::row_of(one, kernel_scale) / number;
    }
    CHECK(testing::row_of(all, kernel_scale) == Approx(scale).epsilon(1e-7));
  }
}

TEST_CASE(
    "theories of scales: outputs along different eigenvectors are problems of their own, and rotations no matter") {
  Setting s = laws::sampler();
  s.network.width = 8;
  s.network.chi = 2;
  check_scales(KernelRenormalisation{}, s);
  s.network.activation = network::Linear{};
  s.network.depth = 2;
  check_scales(DeepLinear{.method = ScaleMethod::saddle}, s);
  check_scales(DeepLinear{.method = ScaleMethod::mean_field}, s);
}

/// Rotated outputs have rotated predictors and the same errors, whatever couples them.
template <class Predict>
void check_rotation(const Predict& predict, const std::vector<Observable>& same) {
  for (const Index outputs : {2, 3}) {
    CAPTURE(outputs);
    const data::Draw draw = draw_of(2, outputs);
    const Matrix turn = turn_of(outputs);
    const Result one = predict(draw), other = predict(times(draw, turn));
    for (const Observable o : same) {
      CAPTURE(word(o));
      CHECK(testing::row_of(other, o) == Approx(testing::row_of(one, o)).epsilon(1e-6));
    }
    const Matrix predicted = predictor_of(one);
    CHECK((predictor_of(other) - predicted * turn).norm() < 1e-6 * predicted.norm());
    CHECK((predictor_of(other) - predicted).norm() > 1e-2 * predicted.norm());
    // They do know of each other.
    CHECK((predictor_of(predict(only(draw, 0))) - predicted.col(0)).norm() > 1e-4 * predicted.col(0).norm());
  }
}

TEST_CASE("kernel adaptation and the expansion in 1/N: rotated outputs have rotated predictors") {
  const KernelAdaptation::Inputs adaptation{.kernel = {.activation = network::Erf{}},
                                            .averages = NeuronAverages::rule,
                                            .strength = 1,
                                            .ridge = 0.3,
                                            .chi = 50};
  check_rotation(
      [&](const data::Draw& draw) {
        return KernelAdaptation{}.predict(adaptation, draw, Stream(1, Purpose::theory, "outputs", 0, 0));
      },
      {error_test, error_train, variance_posterior, error_mean_predictor, alignment, validity});
  const Perturbative::Inputs expansion{.kernel = {.activation = network::Polynomial{.coefficients = {0, 1, 0, 0.2}}},
                                       .width = 40,
                                       .ridge = 0.3,
                                       .chi = 2,
                                       .samples = 0};
  check_rotation(
      [&](const data::Draw& draw) {
        return Perturbative{}.predict(expansion, draw, Stream(1, Purpose::theory, "outputs", 0, 0));
      },
      {error_mean_predictor, validity});
}

/// A target without a direction, as the draws here have none.
Setting without_direction() {
  Setting s = laws::sampler();
  s.data.target = data::Random{};
  return s;
}

TEST_CASE("Gaussian weights and pre-activations: rotated outputs have rotated predictors") {
  const std::vector<Observable> same{error_test,           error_train, variance_posterior,
                                     error_mean_predictor, alignment,   validity};
  Setting s = without_direction();
  s.network.activation = network::Erf{};
  s.network.width = 20;
  s.network.chi = 5;
  s.ridge = 0.5;
  check_rotation([&](const data::Draw& draw) { return testing::predict(VariationalAdaptation{}, s, draw); }, same);
  s.network.depth = 2;
  check_rotation([&](const data::Draw& draw) { return testing::predict(DeepAdaptation{}, s, draw); }, same);
}

TEST_CASE("linear units: Gaussian weights have the matrix of scales of several outputs") {
  Setting s = without_direction();
  s.network.activation = network::Linear{};
  s.network.width = 20;
  s.network.chi = 20;
  s.ridge = 1;
  for (const Index outputs : {2, 3}) {
    CAPTURE(outputs);
    const data::Draw draw = draw_of(5, outputs);
    const Matrix scaled = predictor_of(testing::predict(DeepLinear{.method = ScaleMethod::mean_field}, s, draw));
    const auto away = [&](const Result& result) { return (predictor_of(result) - scaled).norm() / scaled.norm(); };
    CHECK(away(testing::predict(VariationalAdaptation{.method = VariationalMethod::mean_field}, s, draw)) < 1e-5);
    CHECK(away(testing::predict(DeepAdaptation{.method = VariationalMethod::mean_field}, s, draw)) < 1e-5);
    CHECK(away(testing::predict(Nngp{}, s, draw)) > 0.03);  // negative control
  }
}

/// What a prediction for two outputs says; nothing where it is made.
template <class T>
std::string refusal(const T& theory, const Setting& setting) {
  try {
    testing::predict(theory, setting, draw_of(5, 2));
  } catch (const NumericalError& error) {
    return error.what();
  }
  return {};
}

TEST_CASE("what is known of one output says so of several, and why") {
  Setting s = laws::sampler(), deep = s, linear = s, rectifier = s;
  deep.network.depth = 2;
  linear.network.activation = network::Linear{};
  rectifier.network.activation = network::Relu{};
  Setting decaying = laws::descent();
  decaying.network.activation = network::Linear{};
  decaying.ridge = 0.1;
  const auto is_said = [](const std::string& text, const char* because) {
    CAPTURE(text);
    CHECK(text.find("not applicable to 2 outputs, because") == 0);
    CHECK(text.find(because) != std::string::npos);
  };
  const auto hidden = HiddenKernel::with;
  is_said(refusal(DeepLinear{}, linear), "matrix of scales");
  is_said(refusal(DeepLinear{.method = ScaleMethod::mean_field, .hidden_kernel = hidden}, linear), "hidden kernels");
  is_said(refusal(KernelRenormalisation{.method = Renormalisation::student_t}, s), "matrix of scales");
  is_said(refusal(KernelRenormalisation{.closure = Closure::nested}, deep), "layers are not derived");
  is_said(refusal(KernelRenormalisation{.closure = Closure::wishart}, deep), "layers are not derived");
  is_said(refusal(KernelRenormalisation{}, rectifier), "units with a mean");
  is_said(refusal(DeepLinearDecay{}, decaying), "singular values");
  CHECK(refusal(KernelRenormalisation{}, s).empty());
  CHECK(refusal(DeepLinear{.method = ScaleMethod::saddle, .hidden_kernel = hidden}, linear).empty());
}

}  // namespace several_outputs

}  // namespace fieldscan::theory
