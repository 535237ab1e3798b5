#pragma once
#include "fieldscan/theory/predict.hpp"
#include "fieldscan/theory/regression/kept_kernels.hpp"

/// Predictions one after another from one draw.
namespace fieldscan::theory {

/// `predict` on a draw that is there already; its kernels are taken from those that are kept, or left there.
Result predict(const AnyTheory& theory, const Setting& setting, Number number, const data::Draw& data,
               KeptKernels* kept);
/// Bytes of the kernels that a theory leaves there; 0: it keeps none of so many points.
double kept_bytes(const AnyTheory& theory, const Setting& setting);

}  // namespace fieldscan::theory
