#include "fieldscan/theory/regression/kept_kernels.hpp"

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
  return kept ? Matrix(*kept->get(place, text, make)) : make();
}

std::shared_ptr<const Matrix> shared_kernel(KeptKernels* kept, const std::string& place, const std::string& text,
                                            const KeptKernels::Make& make) {
  return kept ? kept->get(place, text, make) : std::make_shared<const Matrix>(make());
}

}  // namespace fieldscan::theory
