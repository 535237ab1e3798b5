#pragma once
#include "along.hpp"

namespace fieldscan::analysis {

/// What every data draw has by itself, behind the curve that looks like `like`, and the sentence that says so.
///
/// Of a number θ with influences U_ri on its n members draw r has θ + (n/I_r) Σ_i U_ri, I_r its members: of a mean over
/// members the mean of its own, of what is formed from several draws its pseudo-value. Nothing of one draw.
void add_draws(const Along& along, const DrawnCurve& like, Panel& panel);

}  // namespace fieldscan::analysis
