#include "fieldscan/data/pool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/random.hpp"
#include "read.hpp"

namespace fieldscan::data {
namespace {

bool is_kept(const File& file, double label) {
  return file.classes.empty() ||
         std::any_of(file.classes.begin(), file.classes.end(), [&](int c) { return label == c; });
}

double mapped_label(const File& file, double label) {
  if (file.one_vs_rest) return label == *file.one_vs_rest ? 1 : -1;
  if (file.classes.size() == 2) return label == file.classes[1] ? 1 : -1;
  return label;
}

// The rows listed, as a part; labels mapped.
PoolPart take(const File& file, const Table& table, const std::vector<Index>& rows) {
  PoolPart part;
  part.label.resize(static_cast<Index>(rows.size()));
  for (std::size_t k = 0; k < rows.size(); ++k)
    part.label(static_cast<Index>(k)) = mapped_label(file, table.label[static_cast<std::size_t>(rows[k])]);
  std::visit(
      [&](const auto& values) {
        std::decay_t<decltype(values)> kept;
        kept.reserve(rows.size() * static_cast<std::size_t>(table.dimension));
        for (const Index row : rows) {
          const auto begin = values.begin() + row * table.dimension;
          kept.insert(kept.end(), begin, begin + table.dimension);
        }
        part.values = std::move(kept);
      },
      table.values);
  return part;
}

std::vector<Index> kept_rows(const File& file, const Table& table) {
  std::vector<Index> rows;
  for (Index k = 0; k < table.rows; ++k)
    if (is_kept(file, table.label[static_cast<std::size_t>(k)])) rows.push_back(k);
  return rows;
}

// A row as it is in the file; bytes are divided by 255.
void copy_row(const PoolPart& part, int dimension, Index row, double* out) {
  if (const auto* bytes = std::get_if<std::vector<std::uint8_t>>(&part.values)) {
    for (int j = 0; j < dimension; ++j) out[j] = (*bytes)[static_cast<std::size_t>(row * dimension + j)] / 255.0;
  } else {
    const auto& values = std::get<std::vector<double>>(part.values);
    std::copy_n(values.begin() + row * dimension, dimension, out);
  }
}

Vector mean_row(const PoolPart& part, int dimension) {
  Vector sum = Vector::Zero(dimension), row(dimension);
  for (Index k = 0; k < part.rows(); ++k) {
    copy_row(part, dimension, k, row.data());
    sum += row;
  }
  return sum / static_cast<double>(part.rows());
}

void check_rows(const File& file, const Pool& pool) {
  for (const auto* part : {&pool.train, &pool.test})
    if (part->rows() == 0)
      throw EnvironmentError(
          fmt::format("{}: no rows are left for the {} part (of the classes asked for); check data.input.classes",
                      file.path, part == &pool.train ? "training" : "test"));
  if (file.classes.size() == 2 && pool.train.label.minCoeff() == pool.train.label.maxCoeff())
    throw EnvironmentError(file.path + ": one of the two classes has no rows; check data.input.classes");
  if (file.one_vs_rest && pool.train.label.maxCoeff() < 0)
    throw EnvironmentError(file.path + ": no row has the label of one_vs_rest; check data.input.one_vs_rest");
}

// Which rows are held out where the data have no test files: a matter of the content alone.
std::vector<bool> held_out_rows(const std::string& content, Index rows, double test_part) {
  const Stream stream(0, Purpose::file_permutation, "held out\n" + content, 0, 0);
  const std::vector<Index> order = stream.permutation(rows);
  const auto count = static_cast<std::size_t>(std::ceil(test_part * static_cast<double>(rows)));
  std::vector<bool> held(static_cast<std::size_t>(rows), false);
  for (std::size_t k = 0; k < std::min(count, order.size()); ++k) held[static_cast<std::size_t>(order[k])] = true;
  return held;
}

}  // namespace

std::shared_ptr<const Pool> load_pool(const File& file) {
  const Tables tables = read_tables(file.path);
  auto pool = std::make_shared<Pool>();
  pool->content = tables.content;
  pool->dimension = tables.train.dimension;
  pool->scaling = file.scaling;
  std::vector<Index> train = kept_rows(file, tables.train);
  if (tables.test) {
    pool->test = take(file, *tables.test, kept_rows(file, *tables.test));
  } else {
    const std::vector<bool> held = held_out_rows(tables.content, tables.train.rows, file.test_part);
    const auto middle =
        std::stable_partition(train.begin(), train.end(), [&](Index k) { return !held[static_cast<std::size_t>(k)]; });
    pool->test = take(file, tables.train, {middle, train.end()});
    train.erase(middle, train.end());
  }
  pool->train = take(file, tables.train, train);
  check_rows(file, *pool);
  pool->centre = file.centred ? mean_row(pool->train, pool->dimension) : Vector::Zero(pool->dimension);
  return pool;
}

Matrix pool_rows(const Pool& pool, const PoolPart& part, std::span<const Index> rows) {
  Matrix x(static_cast<Index>(rows.size()), pool.dimension);
  Vector row(pool.dimension);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    copy_row(part, pool.dimension, rows[k], row.data());
    row -= pool.centre;
    if (pool.scaling != Scaling::none) {
      const double norm = row.norm(), wanted = pool.scaling == Scaling::unit ? 1 : std::sqrt(pool.dimension);
      if (!(norm > 0))
        throw EnvironmentError(fmt::format(
            "row {} of the data is zero (it can not be scaled to a norm); set data.input.scaling: none", rows[k]));
      row *= wanted / norm;
    }
    x.row(static_cast<Index>(k)) = row.transpose();
  }
  return x;
}

}  // namespace fieldscan::data
