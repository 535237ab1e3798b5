// Regression with the NNGP kernel of one draw, processor seconds on one core: one ridge, and five that share kernels;
// with estimates, without, and by conjugate gradients. benchmark_regression [points] [dimension] [test points] [runs]
#include <fmt/format.h>

#include <cstdlib>

#include "fieldscan/core/freed_memory.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/theory/list.hpp"
#include "fieldscan/theory/predict_kept.hpp"
#include "timing.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

namespace {

Setting setting_of(int points, int dimension, int test_points) {
  Setting s;
  s.data.input = data::Sphere{.dim = dimension};
  s.data.target = data::Gegenbauer{.levels = {{1, 0.8}, {3, 0.2}}};
  s.data.noise = 0.1;
  s.data.train_size = points;
  s.data.test_size = test_points;
  s.network.activation = network::Erf{};
  s.network.depth = 2;
  s.ridge = 0.1;
  s.seed = 7;
  s.dynamics = dynamics::Alone{};
  return s;
}

/// Ridges one after another; the smallest comes first.
void predict_all(const AnyTheory& theory, Setting setting, const data::Draw& draw, int ridges) {
  KeptKernels kept;
  for (int k = 0; k < ridges; ++k, setting.ridge *= 2)
    if (predict(theory, setting, Number{}, draw, ridges > 1 ? &kept : nullptr).outcome != Outcome::done) std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int k, int otherwise) { return argc > k ? std::atoi(argv[k]) : otherwise; };
  const Setting setting = setting_of(argument(1, 2000), argument(2, 784), argument(3, 1000));
  const int runs = argument(4, 3);
  keep_freed_memory();
  set_linear_algebra_threads(1);
  const data::Draw draw = data::make_draw(setting.data, setting.seed, 0);
  fmt::print("{:<28} {:>10} {:>10} {:>8} {:>10}\n", "seconds", "one ridge", "five", "ratio", "announced");
  for (const auto& [what, theory] :
       {std::pair{"nngp", AnyTheory(Nngp{})},
        std::pair{"estimates: none", AnyTheory(Nngp{.estimates = Estimates::none})},
        std::pair{"conjugate_gradients", AnyTheory(Nngp{.solver = Solver::conjugate_gradients})}}) {
    double one = 1e300, five = 1e300;  // in turn, so that the machine's other work meets both
    for (int run = 0; run < runs; ++run) {
      one = std::min(one, benchmark::shortest(1, [&] { predict_all(theory, setting, draw, 1); }));
      five = std::min(five, benchmark::shortest(1, [&] { predict_all(theory, setting, draw, 5); }));
    }
    fmt::print("{:<28} {:>10.3f} {:>10.3f} {:>8.2f} {:>10.3f}\n", what, one, five, five / one,
               cost_of(theory, setting).seconds);
  }
}
