#include "fieldscan/data/pool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "fieldscan/core/error.hpp"
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

// Which rows are held out where the data have no test files.
std::vector<bool> held_out_rows(const std::string& content, Index rows, double test_part) {
  const std::vector<Index> order = held_out_order(content, rows);
  std::vector<bool> held(static_cast<std::size_t>(rows), false);
  for (Index k = 0; k < held_out_count(rows, test_part); ++k)
    held[static_cast<std::size_t>(order[static_cast<std::size_t>(k)])] = true;
  return held;
}

// Where the facts were read, or the path itself where that place is not there (a run directory that was moved with its
// data).
std::string place_of(const File& file, const FileFacts& facts) {
  std::error_code error;
  const bool moved = !std::filesystem::exists(facts.place, error) && std::filesystem::exists(file.path, error);
  return moved ? file.path : facts.place;
}

// The data that the scan was read with. What comes from elsewhere is not what the identities of its points say.
Tables read_known(const File& file) {
  const FileFacts* facts = file.known();
  if (!facts) return read_tables(locate(file.path, {}).string(), file.header);
  const std::string place = place_of(file, *facts);
  const auto lost = [&](const std::string& why) {
    return DataLost(
        fmt::format("the data of this scan are not there any more: {}. Nothing is computed from other data under the "
                    "same name: bring back the content {}, or run what is there now into another directory (--out)",
                    why, facts->content));
  };
  Tables tables;
  try {
    tables = read_tables(place, file.header);
  } catch (const EnvironmentError& error) {
    throw lost(error.what());
  }
  if (tables.content != facts->content)
    throw lost(fmt::format("{} has changed since the scan was read (its content was {} and is {})", place,
                           facts->content, tables.content));
  return tables;
}

}  // namespace

std::shared_ptr<const Pool> load_pool(const File& file, TestFrom test_from) {
  const Tables tables = read_known(file);
  auto pool = std::make_shared<Pool>();
  pool->content = tables.content;
  pool->dimension = tables.train.dimension;
  pool->scaling = file.scaling;
  std::vector<Index> train = kept_rows(file, tables.train);
  if (tables.test && test_from != TestFrom::pool) {
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
