#include <cmath>

#include "catch.hpp"
#include "fieldscan/theory/finite_width/deep_adaptation.hpp"
#include "fieldscan/theory/finite_width/kernel_renormalisation.hpp"
#include "theory/examples.hpp"
#include "theory/finite_width/draws.hpp"

/// Rows that say the same: of odd units a point and its opposite, with opposite labels, are one point twice.
namespace fieldscan::theory {

namespace opposite_rows {

/// Three of 12 rows are others once more, times a sign with which their labels go; those differ by `conflict`.
data::Draw draw_of(double sign, double conflict) {
  data::Draw draw = testing::random_draw(3);
  for (Index i = 0; i < 3; ++i) {
    draw.train.x.row(6 + i) = sign * draw.train.x.row(i);
    draw.train.label.row(6 + i) = sign * (draw.train.label.row(i).array() + conflict).matrix();
  }
  draw.train.target = draw.train.label;
  return draw;
}

template <class T>
double deviation(const T& theory, const Setting& s, double conflict) {
  const auto error = [&](double sign) {
    return testing::row_of(testing::predict(theory, s, draw_of(sign, conflict)), Observable::error_test);
  };
  return std::abs(error(-1) / error(1) - 1);
}

TEST_CASE("opposite rows are equal rows of odd units, as far as rounding allows, and its equations are solved") {
  Setting s = laws::sampler();
  s.data.target = data::Random{};  // no direction, as the draws have none
  s.network.activation = network::Erf{};
  s.network.depth = 2;
  s.network.width = 20;
  for (const auto& [ridge, chi, conflict] :
       {std::tuple{1e-3, 1.0, 0.0}, {1e-5, 1.0, 0.3}, {1e-7, 1.0, 0.0}, {1e-7, 1e-6, 0.3}}) {
    CAPTURE(ridge, chi, conflict);
    s.ridge = ridge;
    s.network.chi = chi;
    for (const Closure closure : {Closure::nested, Closure::wishart})
      CHECK(deviation(KernelRenormalisation{.closure = closure}, s, conflict) < 4e-4);
    if (chi < 1) CHECK(deviation(DeepAdaptation{}, s, conflict) < 4e-4);
  }
  // The labels' conflict is seen.
  s.ridge = 1e-5;
  s.network.chi = 1;
  const KernelRenormalisation nested{.closure = Closure::nested};
  const auto of = [&](double conflict) {
    return testing::row_of(testing::predict(nested, s, draw_of(1, conflict)), Observable::error_test);
  };
  CHECK(std::abs(of(3) / of(0) - 1) > 1e-2);
}

}  // namespace opposite_rows

}  // namespace fieldscan::theory
