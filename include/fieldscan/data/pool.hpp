#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/data/input/file.hpp"

/// The rows of a file that draws choose from. Loading takes time: a process that makes many draws keeps the pool.
namespace fieldscan::data {

/// One part (training or held out): rows as they are in the file, row-major, and their labels after `classes` and
/// `one_vs_rest`.
struct PoolPart {
  std::variant<std::vector<std::uint8_t>, std::vector<double>> values;
  Vector label;  ///< [rows]
  Index rows() const { return label.size(); }
};

struct Pool {
  std::string content;  ///< key of the file's content
  int dimension = 0;
  PoolPart train, test;
  Vector centre;  ///< what is subtracted [d]: the mean row of the training part, or 0
  Scaling scaling = Scaling::dimension;
};

/// Reads the rows of the classes asked for. EnvironmentError where files are missing or malformed, or a class has no
/// rows; DataLost where the file was resolved, and is gone since or has another content.
std::shared_ptr<const Pool> load_pool(const File& file, TestFrom test_from = TestFrom::automatic);

/// The given rows of a part, centred and scaled [rows × d]. EnvironmentError for a row without norm that is to be
/// scaled.
Matrix pool_rows(const Pool& pool, const PoolPart& part, std::span<const Index> rows);

}  // namespace fieldscan::data
