#pragma once
#include "distances.hpp"

/// What is formed from predictors, by products of independent networks, so that the noise of the networks does not bias
/// it; ⟨·⟩ is the mean over test points.
namespace fieldscan::analysis {

/// Mean over draws of the mean over pairs i ≠ j of ⟨e_ri e_rj⟩: the squared distance of the mean network. May be
/// negative. Where the theory's predictor is sampled its own noise, which all networks share, is taken off; the error
/// contains it as if it were the same at all test points.
Quantity same_draw_product(const Distances& distances);
/// Mean over i of pairs of draws r ≠ s of ⟨e_ri e_si⟩, and over r ≠ s, i ≠ j of ⟨e_ri e_sj⟩. They need one test set for
/// all draws.
Quantity same_initialisation_product(const Distances& distances);
Quantity independent_product(const Distances& distances);
/// ⟨e_ri²⟩ over all members.
Quantity mean_square(const Distances& distances);
/// Mean over draws of ⟨variance over i of f_ri⟩/I: the squared standard error of the mean network, from the spread of
/// the networks.
Quantity variance_of_mean(const Distances& distances);

}  // namespace fieldscan::analysis
