#include "fieldscan/theory/effort.hpp"

#include <algorithm>
#include <cmath>

#include "fieldscan/data/draw.hpp"
#include "fieldscan/theory/average/all_rows.hpp"

namespace fieldscan::theory {

namespace {

/// Rows of a file that training draws come from, of the classes asked for; 0 where it has not been looked at.
double rows_of_file(const Setting& setting) {
  const auto sizes = std::get<data::File>(setting.data.input).known_sizes(setting.data.test_from);
  return sizes ? static_cast<double>(sizes->train - setting.data.validation_size) : 0;
}

/// Rows that are looked at: those of `pool_of`, as far as the file has them.
double pool_rows(const Setting& setting) {
  const double all = rows_of_file(setting);
  const double wanted = pool_of(setting).points;
  return all > 0 ? std::min(all, wanted) : wanted;
}

bool is_file(const Setting& setting) {
  return std::holds_alternative<data::File>(setting.data.input) && !setting.data.train_size.is_word();
}

}  // namespace

double sphere_levels(const Setting& setting) {
  if (!network::is_rectifier(setting.network.activation)) return 32;
  const double dim = data::input_dimension(setting.data), decay = is_descent(setting) ? dim : dim + 2;
  const double wanted = 1e6 * data::train_points(setting.data) / std::max(setting.ridge, 1e-12);
  return std::clamp(std::pow(wanted, 1 / decay), 32.0, 1024.0);
}

Norms norms_of(const data::Spec& spec) {
  return std::holds_alternative<data::Sphere>(spec.input) ? Norms::equal : Norms::different;
}

double seconds_per_pair(const KernelSpec& kernel, double dimension, Norms norms) {
  double seconds = 2 * dimension / flops_per_second;
  for (int l = 0; l < kernel.depth; ++l)
    seconds += seconds_per_average(kernel.activation, kernel.weight_variance.at(l), norms) + 4e-9;
  return seconds;
}

namespace {

double average_seconds(const Setting& setting) {
  const KernelSpec kernel = kernel_spec(setting.network);
  if (!is_file(setting)) {
    // The nodes of the quadrature are roots of a polynomial of that degree; twice as many where levels are doubled to
    // get there.
    const double nodes = std::max(512.0, 4 * sphere_levels(setting));
    return 1e-3 + 3e-8 * nodes * nodes + 2 * nodes * seconds_per_pair(kernel, 0, Norms::equal);
  }
  const double rows = pool_rows(setting), cubes = rows * rows * rows / flops_per_second;
  return 0.1 + rows * rows / 2 * seconds_per_pair(kernel, data::input_dimension(setting.data), norms_of(setting.data)) +
         11 * cubes;
}

double average_bytes(const Setting& setting) {
  if (!is_file(setting)) return 0;
  const double rows = pool_rows(setting);
  return 8 * rows * (7 * rows + data::input_dimension(setting.data));
}

}  // namespace

Cost average_cost(const Setting& setting) {
  return {.seconds = average_seconds(setting), .bytes = average_bytes(setting)};
}

Cost all_rows_cost(const Setting& setting, double top) {
  const double rows = std::max(rows_of_file(setting), top);
  // Two products with the kernel, six of tall matrices, and some ten products with few columns.
  const double products = 2 * 2 * rows * rows * top + 6 * 2 * rows * top * top;
  return {.seconds = 0.1 + products / (2 * flops_per_second) + 3e-9 * rows * rows +
                     rows * rows / 2 *
                         seconds_per_pair(kernel_spec(setting.network), data::input_dimension(setting.data),
                                          norms_of(setting.data)),
          .bytes = all_rows_bytes(rows, top),
          .threads = threads_of(rows)};
}

Cost draw_cost(const Setting& setting, const DrawWork& work) {
  const double points = data::train_points(setting.data), test = data::test_points(setting.data);
  const double pairs = points * points / 2 + points * test;
  const double algebra = points * points * (points * work.cubes + test * 2 * work.products) / flops_per_second;
  return {
      .seconds = 1e-4 + pairs * work.seconds_per_pair + algebra, .bytes = work.bytes, .threads = threads_of(points)};
}

Cost draw_cost(const Setting& setting, double cubes, double products, double bytes) {
  const double dimension = data::input_dimension(setting.data);
  return draw_cost(
      setting, {.seconds_per_pair = seconds_per_pair(kernel_spec(setting.network), dimension, norms_of(setting.data)),
                .cubes = cubes,
                .products = products,
                .bytes = bytes});
}

double cubes_of_regression(double ridge) { return ridge > 0 ? 0.0 : 6.0; }

}  // namespace fieldscan::theory
