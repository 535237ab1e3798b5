#include "fieldscan/theory/regression/kept_kernels.hpp"

#include "fieldscan/core/memory.hpp"

namespace fieldscan::theory {

std::shared_ptr<const Matrix> KeptKernels::get(const std::string& place, const std::string& text, const Make& make) {
  Kernel& own = kept_[place];
  if (!own.matrix || own.text != text) {
    own.matrix.reset();
    own.matrix = std::make_shared<const Matrix>(make());
    own.text = text;
  }
  return own.matrix;
}

Matrix own_kernel(KeptKernels* kept, const std::string& place, const std::string& text, const KeptKernels::Make& make) {
  if (!kept) return make();
  const auto kernel = kept->get(place, text, make);
  Matrix copy(kernel->rows(), kernel->cols());
  prefer_large_pages(copy.data(), static_cast<double>(sizeof(double)) * static_cast<double>(copy.size()));
  copy = *kernel;
  return copy;
}

std::shared_ptr<const Matrix> shared_kernel(KeptKernels* kept, const std::string& place, const std::string& text,
                                            const KeptKernels::Make& make) {
  return kept ? kept->get(place, text, make) : std::make_shared<const Matrix>(make());
}

}  // namespace fieldscan::theory
