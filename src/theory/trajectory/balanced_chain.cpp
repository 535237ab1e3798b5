#include "fieldscan/theory/trajectory/balanced_chain.hpp"

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/solve/ode.hpp"

namespace fieldscan::theory {
namespace chain {
namespace {

/// ω and the p_l one after the other.
Vector flat(const BalancedChain& chain) {
  Vector all(chain.first.size() + chain.sizes.size());
  all << chain.first, chain.sizes;
  return all;
}
BalancedChain apart(const VectorView& all, Index layers) {
  return {.first = all.head(all.size() - layers), .sizes = all.tail(layers)};
}

/// S Π p without one of them; −1: of all.
double product_without(const BalancedProblem& problem, const BalancedChain& chain, Index left_out) {
  double product = problem.scale;
  for (Index l = 0; l < chain.sizes.size(); ++l)
    if (l != left_out) product *= chain.sizes[l];
  return product;
}

/// −∂ℒ/∂(ω, p) times the rates of the layers. The loss goes into `loss`.
Vector downhill(const BalancedProblem& problem, const BalancedChain& chain, const Vector& anchor, double& loss) {
  const Index layers = chain.sizes.size();
  const Vector residual = problem.label - problem.x * weights_of(problem, chain);
  const Vector slope = problem.x.transpose() * residual;
  loss = 0.5 * residual.squaredNorm();
  Vector out = -problem.pull * (flat(chain) - anchor);
  out.head(slope.size()) += product_without(problem, chain, -1) * slope;
  const double along = chain.first.dot(slope);
  for (Index l = 0; l < layers; ++l) out[slope.size() + l] += product_without(problem, chain, l) * along;
  out.head(slope.size()) *= problem.rates[0];
  out.tail(layers).array() *= problem.rates.tail(layers).array();
  return out;
}

constexpr double flow_accuracy = 1e-11;
constexpr double at_rest = 1e-10;  ///< of the slope over the fastest rate and the size: above what the solver leaves

/// χ λ_max of the chain's own kernel, as far as ω moves it.
double fastest_rate(const BalancedProblem& problem, const BalancedChain& chain, double chi, double top) {
  const double product = product_without(problem, chain, -1);
  return chi * problem.rates[0] * product * product * top;
}

Vector anchor_of(const BalancedProblem& problem, const BalancedChain& start) {
  const Vector at_start = flat(start);
  return problem.anchor == dynamics::Anchor::initial ? at_start : Vector(Vector::Zero(at_start.size()));
}

}  // namespace
}  // namespace chain

BalancedChain chain_of(const network::Network& network, const Vector& theta) {
  const auto& tensors = network.tensors();
  BalancedChain out{.first = {}, .sizes = Vector(network.depth())};
  Matrix map = Matrix::Ones(1, 1);  // a W^L … of the layers above, without their scales
  for (std::size_t k = tensors.size(); k-- > 0;) {
    const Eigen::Map<const Matrix> weight(theta.data() + tensors[k].offset, tensors[k].rows, tensors[k].cols);
    map = Matrix(map * weight);
    if (k > 0) out.sizes[static_cast<Index>(k) - 1] = weight.norm();
  }
  out.first = map.row(0).transpose() / out.sizes.prod();
  return out;
}

Vector weights_of(const BalancedProblem& problem, const BalancedChain& chain) {
  return chain::product_without(problem, chain, -1) * chain.first;
}

Matrix descend_chain(const BalancedProblem& problem, const BalancedChain& start, double rate, double momentum,
                     const std::vector<std::int64_t>& steps, double largest) {
  const Vector anchor = chain::anchor_of(problem, start);
  Vector now = chain::flat(start), velocity = Vector::Zero(now.size());
  Matrix out(start.first.size(), std::ssize(steps));
  std::int64_t done = 0;
  for (std::size_t k = 0; k < steps.size(); ++k) {
    for (; done < steps[k]; ++done) {
      double loss = 0;
      velocity =
          momentum * velocity + rate * chain::downhill(problem, chain::apart(now, start.sizes.size()), anchor, loss);
      if (!(loss <= largest)) return out.leftCols(static_cast<Index>(k));
      now += velocity;
    }
    const Vector weights = weights_of(problem, chain::apart(now, start.sizes.size()));
    const double loss = 0.5 * (problem.label - problem.x * weights).squaredNorm();
    if (!(loss <= largest)) return out.leftCols(static_cast<Index>(k));
    out.col(static_cast<Index>(k)) = weights;
  }
  return out;
}

ChainFlow flow_of_chain(const BalancedProblem& problem, const BalancedChain& start, double chi,
                        const std::vector<double>& times) {
  const Vector anchor = chain::anchor_of(problem, start);
  const Index layers = start.sizes.size();
  const bool tall = problem.x.rows() > problem.x.cols();
  const Matrix square = tall ? Matrix(problem.x.transpose() * problem.x) : Matrix(problem.x * problem.x.transpose());
  const double top = square.size() > 0 ? eigenvalues(square)[0] : 0;
  std::vector<double> from_zero{0};
  for (const double time : times)
    if (time > 0) from_zero.push_back(time);
  // A first step that changes little, however late the first record is.
  double loss_at_start = 0, first_step = 0;
  const double size = chain::flat(start).norm(),
               pace = chi * chain::downhill(problem, start, anchor, loss_at_start).norm();
  if (from_zero.size() > 1 && 1e-3 * from_zero[1] * pace > 0.01 * size) first_step = 0.01 * size / pace;
  const auto solved = solve::integrate(
      [&](const VectorView& now, double, Eigen::Ref<Vector> slope) {
        double loss = 0;
        const BalancedChain here = chain::apart(now, layers);
        slope = chi * chain::downhill(problem, here, anchor, loss);
        // At rest steps may be as long as they like; before, the fastest mode sets them.
        if (slope.norm() <= chain::at_rest * chain::fastest_rate(problem, here, chi, top) * now.norm()) slope.setZero();
      },
      chain::flat(start), from_zero,
      {.relative = chain::flow_accuracy, .absolute = 0.01 * chain::flow_accuracy, .first_step = first_step});
  if (!solved.converged) solve::give_up("the flow of a balanced network", solved.residual, solved.steps);
  ChainFlow out{.weights = Matrix(start.first.size(), std::ssize(times)), .error = solved.error};
  const auto skipped = std::ssize(from_zero) - std::ssize(times);  // 1 where no record stands at 0
  for (Index k = 0; k < out.weights.cols(); ++k)
    out.weights.col(k) = weights_of(problem, chain::apart(solved.value.col(k + skipped), layers));
  return out;
}

}  // namespace fieldscan::theory
