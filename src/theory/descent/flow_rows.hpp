#pragma once
#include "fieldscan/core/row.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/theory/descent/flow.hpp"
#include "fieldscan/theory/effort.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

/// What the theories of linearised descent, as flow or in steps, have in common.
namespace fieldscan::theory {

/// The kernels between the training and the test points of a draw; `train` selects the parameters that move. Throws
/// EnvironmentError where the memory for the flow is not there.
FlowKernels flow_kernels(const KernelSpec& kernel, network::Trained train, const data::Draw& draw);

/// What a flow of P points holds at most: Θ, K and LAPACK's workspace [each P × P], and seven matrices [P × test
/// points].
double flow_bytes(double points, double test_points);

/// A flow on a draw that is written at so many times: eigenpairs, and products at every time.
Cost flow_cost(const Setting& setting, double times);

/// How networks appear: χ, and whether the output at initialisation is subtracted.
struct Appearance {
  double chi = 1;
  bool centred = false;
};

/// The error of one network on the training points, mean over initialisations.
double error_train(const FlowState& state, const Appearance& appearance);

/// predictor and what follows from it, error_test and error_train of one network, ntk_top at one time. Writes nothing
/// and returns false where a number is not finite.
bool write_state(Result& result, const Flow& flow, const FlowState& state, double time, const Appearance& appearance,
                 const data::Draw& draw, Flag flag = Flag::none);

/// The first 100 eigenvalues of Θ(X, X)/P, mode = 1, 2 …
void write_eigenvalues(Result& result, const Flow& flow, double time);

}  // namespace fieldscan::theory
