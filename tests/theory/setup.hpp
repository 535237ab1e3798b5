#pragma once
#include <stdexcept>

#include "fieldscan/theory/kernel/kernels.hpp"
#include "theory/reference.hpp"

/// From the words of a reference entry to specifications.
namespace reference {

inline fieldscan::network::ActivationChoice activation(const std::string& word) {
  using namespace fieldscan::network;
  if (word == "linear") return Linear{};
  if (word == "erf") return Erf{};
  if (word == "relu") return Relu{};
  if (word == "cos") return Cos{};
  if (word == "relu2") return ReluSquared{};
  if (word == "quad") return Polynomial{.coefficients = {0, 0, 1}};
  if (word == "cubic") return Polynomial{.coefficients = {0, 0, 0, 1}};
  if (word == "he2") return Polynomial{.coefficients = {-1, 0, 1}};
  if (word == "he3") return Polynomial{.coefficients = {0, -3, 0, 1}};
  if (word == "leaky_relu" || word == "lrelu") return LeakyRelu{.slope = 0.2};
  if (word == "gelu") return Gelu{};
  if (word == "tanh") return Tanh{};
  if (word == "sin") return Sin{};
  if (word == "quadratic") return Quadratic{};
  throw std::runtime_error("no activation " + word);
}

inline fieldscan::theory::KernelSpec kernel(const Entry& entry) {
  return {.depth = static_cast<int>(entry.number("L")),
          .activation = activation(entry.words.at("activation")),
          .weight_variance = entry.number("sigma_w2"),
          .bias_variance = entry.number("sigma_b2"),
          .readout_variance = entry.number("sigma_a2")};
}

/// A matrix written row by row.
inline fieldscan::Matrix matrix(const std::vector<double>& values, fieldscan::Index columns) {
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return Eigen::Map<const RowMajor>(values.data(), static_cast<fieldscan::Index>(values.size()) / columns, columns);
}
inline fieldscan::Vector vector(const std::vector<double>& values) {
  return Eigen::Map<const fieldscan::Vector>(values.data(), static_cast<fieldscan::Index>(values.size()));
}

}  // namespace reference
