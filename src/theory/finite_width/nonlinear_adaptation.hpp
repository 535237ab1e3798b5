#pragma once
#include "adaptation_rows.hpp"

namespace fieldscan::theory {

/// Kernel adaptation of units that have no closed form: the saddle on nodes or chains, and all rows but `validity` and
/// the residual of the saddle, which is returned. kernel: K of infinite width on the training points [P × P].
double write_nonlinear(const KernelAdaptation& theory, const KernelAdaptation::Inputs& inputs, const data::Draw& draw,
                       const Matrix& kernel, const Stream& stream, Result& result, Writer& writer);

}  // namespace fieldscan::theory
