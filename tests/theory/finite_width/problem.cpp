#include "fieldscan/theory/finite_width/problem.hpp"

#include "catch.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "near.hpp"
#include "theory/examples.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

TEST_CASE("a problem has the kernels of its draw, and its expansion parameters are those of the eigenvectors") {
  const Setting s = laws::sampler();
  const data::Draw draw = data::make_draw(s.data, s.seed, 0);
  const KernelSpec spec = kernel_spec(s.network);
  const Problem problem = problem_of(spec, draw);
  Matrix all(draw.train.x.rows() + draw.test.x.rows(), draw.train.x.cols());
  all << draw.train.x, draw.test.x;
  const Matrix kernel = nngp_kernel(spec, all);
  CHECK(near::largest_difference(problem.train, kernel.topLeftCorner(20, 20)) < 1e-14);
  CHECK(near::largest_difference(problem.cross, kernel.topRightCorner(20, 50)) < 1e-14);
  CHECK(near::largest_difference(problem.diagonal, kernel.diagonal().tail(50)) < 1e-14);

  Matrix labels(20, 2);
  labels << draw.train.label, -2 * draw.train.target;
  const Eigenpairs pairs = eigenpairs(problem.train);
  const double ridge = 0.3, chi = 4, width = 9;
  double signal = 0, trace = 0;
  for (Index k = 0; k < 20; ++k) {
    const double value = pairs.values[k];
    const double square = (labels.transpose() * pairs.vectors.col(k)).squaredNorm();
    signal += chi / width * square * value / std::pow(value + ridge, 2);
    trace += value / (value + ridge) / width;
  }
  const Expansion e = expansion_of(problem.train, labels, ridge, chi, width);
  CHECK(std::abs(e.signal / signal - 1) < 1e-11);
  CHECK(std::abs(e.trace / trace - 1) < 1e-11);
}
