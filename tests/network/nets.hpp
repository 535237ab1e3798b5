#pragma once
#include "fieldscan/core/random.hpp"
#include "fieldscan/network/network.hpp"

/// Small networks and inputs for the tests of this layer.
namespace fieldscan::network::testing {

inline Stream stream(std::uint64_t i = 0) { return {20261123, Purpose::test, "network", 0, i}; }

/// Standard normal numbers [rows × cols].
inline Matrix normal_matrix(Index rows, Index cols, std::uint64_t i = 1) {
  Matrix x(rows, cols);
  stream(i).normals({x.data(), static_cast<std::size_t>(x.size())});
  return x;
}
inline Vector normal_vector(Index size, std::uint64_t i = 2) { return normal_matrix(size, 1, i).col(0); }

inline Vector outputs(const Network& network, const Vector& theta, const Matrix& x) {
  auto work = network.workspace(x.rows());
  Vector out(x.rows() * network.outputs());
  network.forward(theta, x, work, out);
  return out;
}

/// ∂f_μc/∂θ by central differences [P·C × parameters].
inline Matrix difference_jacobian(const Network& network, const Vector& theta, const Matrix& x, double h = 1e-6) {
  Matrix jacobian(x.rows() * network.outputs(), theta.size());
  for (Index k = 0; k < theta.size(); ++k) {
    Vector up = theta, down = theta;
    up[k] += h;
    down[k] -= h;
    jacobian.col(k) = (outputs(network, up, x) - outputs(network, down, x)) / (2 * h);
  }
  return jacobian;
}

}  // namespace fieldscan::network::testing
