#pragma once
#include "../rows.hpp"
#include "fieldscan/core/random.hpp"
#include "fieldscan/theory/finite_width/deep_adaptation.hpp"

/// What deep adaptation writes where the units of two layers are sampled.
namespace fieldscan::theory {

/// All rows but `validity` and the residual, the largest of all populations, which is returned. signal: E, which tells
/// how slowly b has to rise.
double write_two_layers(const DeepAdaptation& theory, const DeepAdaptation::Inputs& inputs, const data::Draw& draw,
                        double signal, const Stream& stream, Result& result, Writer& writer);

}  // namespace fieldscan::theory
