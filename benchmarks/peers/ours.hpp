#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/network/activation/list.hpp"

/// The program's own side of the rows that run.py measures beside other programs.
namespace peers {

using fieldscan::Index;
using fieldscan::Matrix;
using fieldscan::Vector;

/// What is told of a row: words NAME=VALUE, and a folder of arrays, files of doubles column by column and nothing else.
class Row {
 public:
  Row(std::filesystem::path folder, std::map<std::string, std::string> words);

  const std::string& word(const std::string& name) const;
  int number(const std::string& name) const;
  bool single() const { return word("precision") == "single"; }
  fieldscan::network::ActivationChoice activation() const;  ///< erf or relu
  /// Sizes of the arrays are known to both sides; throws where the file has another one.
  Matrix read(const std::string& name, Index rows, Index columns) const;
  /// A result, for run.py to compare with what the other side writes under the same name.
  void write(const std::string& name, const Matrix& result) const;

 private:
  std::filesystem::path folder_;
  std::map<std::string, std::string> words_;
};

/// What is measured. Made by functions that read the inputs and write what is compared.
using Work = std::function<void()>;

Work kernels(const Row& row);               ///< K and Θ of infinite width
Work convolutional_kernel(const Row& row);  ///< Θ of convolutions
Work regression(const Row& row);            ///< mean and variance given a kernel, with leave-one-out if asked for
Work empirical_ntk(const Row& row);         ///< Θ of one finite network
Work steps(const Row& row);                 ///< `repeat` steps of gradient descent, one network after the other
Work posterior(const Row& row);             ///< a chain, with the outputs of its samples

}  // namespace peers
