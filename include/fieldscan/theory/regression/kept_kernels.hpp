#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "fieldscan/core/matrix.hpp"

namespace fieldscan::theory {

/// Kernels of one data draw that were formed for one prediction, for the next one: points of a scan that differ in
/// their ridge alone share them. Who keeps it clears it where another draw begins. Numbers do not depend on it.
class KeptKernels {
 public:
  using Make = std::function<Matrix()>;

  /// The kernel that is kept in this place under this text; made, in the place of another one, where it is not.
  std::shared_ptr<const Matrix> get(const std::string& place, const std::string& text, const Make& make);
  void clear() { kept_.clear(); }

 private:
  struct Kernel {
    std::string text;
    std::shared_ptr<const Matrix> matrix;
  };
  std::map<std::string, Kernel> kept_;
};

/// Kernels of up to so many points are kept, beyond that the memory of a second one is not taken.
inline constexpr double most_kept_points = 8192;

/// A kernel that is used up: made, or a copy of what is kept.
Matrix own_kernel(KeptKernels* kept, const std::string& place, const std::string& text, const KeptKernels::Make& make);
/// One that is read.
std::shared_ptr<const Matrix> shared_kernel(KeptKernels* kept, const std::string& place, const std::string& text,
                                            const KeptKernels::Make& make);

}  // namespace fieldscan::theory
