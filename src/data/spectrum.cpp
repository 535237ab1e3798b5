#include "fieldscan/data/spectrum.hpp"

#include <cmath>

namespace fieldscan::data {

Vector spectrum_values(const SpectrumChoice& spectrum, int dimension) {
  Vector values = Vector::Ones(dimension);
  if (const auto* law = std::get_if<PowerLawSpectrum>(&spectrum)) {
    double trace = 0;
    for (int i = 0; i < dimension; ++i) trace += values(i) = std::pow(i + 1.0, -law->exponent);
    for (int i = 0; i < dimension; ++i) values(i) *= dimension / trace;
  }
  return values;
}

}  // namespace fieldscan::data
