#include "fieldscan/theory/finite_width/local_kernel.hpp"

#include <cmath>
#include <limits>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/solve/minimum.hpp"

namespace fieldscan::theory {
namespace local {
namespace {

Index pairs_of(Index positions) { return positions * (positions + 1) / 2; }

/// ⟨φφ′⟩ of the rows of two sets of patches.
Matrix averages_of(const ConvolutionalSpec& spec, const MatrixView& left, const MatrixView& right) {
  const Matrix product = left * right.transpose();
  const Matrix a = left.rowwise().squaredNorm().replicate(1, right.rows());
  const Matrix b = right.rowwise().squaredNorm().transpose().replicate(left.rows(), 1);
  Matrix out(product.rows(), product.cols()), scratch(product.rows(), product.cols());
  const auto all = [](auto& matrix) { return std::span(matrix.data(), static_cast<std::size_t>(matrix.size())); };
  network::averages_value(spec.activation, all(a), all(b), all(product), all(out), all(scratch));
  return out;
}

/// ⟨φ²⟩ of the rows.
Vector equal_averages(const ConvolutionalSpec& spec, const MatrixView& patches) {
  return patches.rowwise().squaredNorm().unaryExpr(
      [&](double a) { return network::average_equal(spec.activation, a).value; });
}

/// ⟨φφ′⟩ of the patches of one point at two positions.
Vector pair_averages(const ConvolutionalSpec& spec, const MatrixView& left, const MatrixView& right) {
  Vector out(left.rows());
  for (Index k = 0; k < out.size(); ++k)
    out[k] = network::average(spec.activation, left.row(k).squaredNorm(), right.row(k).squaredNorm(),
                              left.row(k).dot(right.row(k)))
                 .value;
  return out;
}

LocalKernels flat_kernels(const ConvolutionalSpec& spec, const MatrixView& x, const MatrixView& test) {
  const Matrix own = filter_inputs(spec, x), other = filter_inputs(spec, test);
  const Index positions = local_positions(spec);
  const Index points = x.rows(), tests = test.rows(), pairs = pairs_of(positions);
  LocalKernels out{.positions = positions,
                   .train = Matrix(points * points, pairs),
                   .cross = Matrix(points * tests, pairs),
                   .diagonal = Matrix(tests, pairs)};
  Index pair = 0;
  for (Index i = 0; i < positions; ++i)
    for (Index j = i; j < positions; ++j, ++pair) {
      const MatrixView xi = own.middleRows(i * points, points), xj = own.middleRows(j * points, points);
      const MatrixView ti = other.middleRows(i * tests, tests), tj = other.middleRows(j * tests, tests);
      Matrix train = averages_of(spec, xi, xj), cross = averages_of(spec, xi, tj);
      if (i == j) {
        train.diagonal() = equal_averages(spec, xi);
        out.diagonal.col(pair) = equal_averages(spec, ti);
      } else {
        train += train.transpose().eval();
        cross += averages_of(spec, xj, ti);
        out.diagonal.col(pair) = 2 * pair_averages(spec, ti, tj);
      }
      out.train.col(pair) = train.reshaped();
      out.cross.col(pair) = cross.reshaped();
    }
  return out;
}

LocalKernels pooled_kernels(const ConvolutionalSpec& spec, const MatrixView& x, const MatrixView& test) {
  constexpr auto kind = KernelKind::nngp;
  const double per_readout = 1 / spec.readout_variance;
  return {.positions = 1,
          .train = per_readout * convolutional_kernel(spec, kind, x).reshaped(),
          .cross = per_readout * convolutional_kernel(spec, kind, x, test).reshaped(),
          .diagonal = per_readout * convolutional_diagonal(spec, kind, test)};
}

/// B from its lower triangle, column by column.
Matrix lower_of(const Vector& numbers, Index size) {
  Matrix lower = Matrix::Zero(size, size);
  Index at = 0;
  for (Index j = 0; j < size; ++j)
    for (Index i = j; i < size; ++i) lower(i, j) = numbers[at++];
  return lower;
}
Vector triangle_of(const Matrix& matrix) {
  Vector numbers(pairs_of(matrix.rows()));
  Index at = 0;
  for (Index j = 0; j < matrix.rows(); ++j)
    for (Index i = j; i < matrix.rows(); ++i) numbers[at++] = matrix(i, j);
  return numbers;
}

/// S(Q)/N at Q = B Bᵀ, and its gradient by the lower triangle of B. Not finite where B is not a Cholesky factor, or
/// rounding leaves K_Q + κ not positive.
double action(const LocalKernels& kernels, const LocalProblem& problem, const Vector& numbers, Vector& gradient) {
  const Index size = kernels.positions, points = problem.label.size();
  const Matrix lower = lower_of(numbers, size);
  if (!(lower.diagonal().minCoeff() > 0)) return std::numeric_limits<double>::infinity();
  const Matrix scale = lower * lower.transpose();
  Matrix kernel = local_sum(kernels, kernels.train, scale, problem.readout).reshaped(points, points);
  kernel.diagonal().array() += problem.ridge;
  const Eigen::LLT<Matrix> factor(kernel);
  if (factor.info() != Eigen::Success) return std::numeric_limits<double>::infinity();
  const Vector t = factor.solve(problem.label);
  Matrix force = factor.solve(Matrix::Identity(points, points));
  force -= problem.chi * t * t.transpose();
  const double share = problem.readout / static_cast<double>(size);
  const Vector of_pairs = 0.5 * share * (kernels.train.transpose() * force.reshaped());
  Matrix slope = 0.5 * problem.width * (Matrix::Identity(size, size) - scale.llt().solve(Matrix::Identity(size, size)));
  Index pair = 0;
  for (Index i = 0; i < size; ++i)
    for (Index j = i; j < size; ++j, ++pair) {
      slope(i, j) += of_pairs[pair] * (i == j ? 1 : 0.5);
      if (i != j) slope(j, i) += 0.5 * of_pairs[pair];
    }
  gradient = triangle_of(2 * slope * lower) / problem.width;
  const double of_scale = scale.trace() - 2 * lower.diagonal().array().log().sum();
  const double log_determinant = 2 * Matrix(factor.matrixL()).diagonal().array().log().sum();
  const double of_labels = problem.chi * problem.label.dot(t) + log_determinant;
  return 0.5 * (of_scale + of_labels / problem.width);
}

}  // namespace
}  // namespace local

Index filter_dimension(const ConvolutionalSpec& spec) {
  const Index filter = spec.height == 1 ? spec.filter : Index{spec.filter} * spec.filter;
  return filter * spec.channels + (spec.bias_variance > 0 ? 1 : 0);
}

Matrix filter_inputs(const ConvolutionalSpec& spec, const MatrixView& x) {
  const network::Convolution layer = network::convolutions(architecture_of(spec), 1).front();
  const Index points = x.rows(), channels = spec.channels;
  Matrix out = Matrix::Zero(layer.outputs * points, filter_dimension(spec));
  const double scale = std::sqrt(spec.weight_variance / static_cast<double>(layer.size * channels));
  for (Index s = 0; s < layer.outputs; ++s)
    for (Index beta = 0; beta < layer.size; ++beta) {
      const Index source = layer.at(s, beta);
      if (source == network::Convolution::outside) continue;
      out.block(s * points, beta * channels, points, channels) = scale * x.middleCols(source * channels, channels);
    }
  if (spec.bias_variance > 0) out.rightCols(1).setConstant(std::sqrt(spec.bias_variance));
  return out;
}

Index local_positions(const ConvolutionalSpec& spec) {
  if (spec.readout == ImageReadout::pooling) return 1;
  return grid_after(architecture_of(spec), {spec.height, spec.width}, 0).positions();
}

LocalKernels local_kernels(const ConvolutionalSpec& spec, const MatrixView& x, const MatrixView& test) {
  return spec.readout == ImageReadout::pooling ? local::pooled_kernels(spec, x, test)
                                               : local::flat_kernels(spec, x, test);
}

double local_kernels_bytes(const ConvolutionalSpec& spec, double points, double test) {
  const auto pairs = static_cast<double>(local::pairs_of(local_positions(spec)));
  const double copies = 5 * points * (points + test);
  return sizeof(double) * (pairs * (points * points + points * test + test) + copies) +
         convolutional_bytes(spec, points + test);
}

Vector local_sum(const LocalKernels& kernels, const Matrix& columns, const Matrix& scale, double readout) {
  return readout / static_cast<double>(kernels.positions) * (columns * local::triangle_of(scale));
}

LocalScales local_scales(const LocalKernels& kernels, const LocalProblem& problem) {
  const Index size = kernels.positions;
  const auto f = [&](const Vector& numbers, Vector& gradient) {
    return local::action(kernels, problem, numbers, gradient);
  };
  const Vector start = local::triangle_of(Matrix::Identity(size, size));
  const auto solved = solve::minimum(f, start, {.tolerance = 1e-10});
  const Vector& found = solve::found(solved, "the scales of the positions");
  const Matrix lower = local::lower_of(found, size);
  Vector gradient(found.size());
  return {
      .scale = lower * lower.transpose(), .action = problem.width * f(found, gradient), .residual = solved.residual};
}

}  // namespace fieldscan::theory
