#pragma once
#include <map>

#include "../table/table.hpp"
#include "observe.hpp"
#include "quantity.hpp"

/// What is formed from predictors, by products of independent networks, so that the noise of the networks does not bias
/// it.
///
/// f_ri is the predictor of initialisation (chain) i on data draw r, e_ri = f_ri − reference_r its distance from the
/// clean target or from a theory at the same draw, ⟨·⟩ the mean over test points.
namespace fieldscan::analysis {

/// The distances e_ri over the test points, one per usable member with an array; empty with a reason where there are
/// none.
struct Distances {
  struct Item {
    std::int64_t draw = 0;
    std::int64_t initialisation = 0;
    std::vector<double> distance;
    bool equilibrated = true;
    double noise = 0;  ///< ⟨squared Monte-Carlo error of the reference⟩: that of a theory whose predictor is sampled
  };
  std::vector<Item> items;  ///< ascending in (draw, initialisation)
  bool sampler = false;
  bool survivors = false;
  bool same_data = false;    ///< data draws are copies of one
  bool of_one_draw = false;  ///< and only those of one are there, as `one_draw`
  Unconverged unconverged = {};
  Basis basis = {};
  std::string problem;
  Lack lack = Lack::nothing;
};

/// Keeps those of one data draw where nothing that they are formed from differs between draws.
void tell_redrawn(Distances& distances, scan::Redrawn redrawn);
/// Those of some data draws; all where no set is given.
Distances on_draws(Distances distances, const DrawSet& draws);
/// Distances from the clean target that is stored with the measurement.
Distances distances_from_target(const Series& measured, double time);
/// The predictors themselves: distances from zero.
Distances distances_from_zero(const Series& measured, double time);
/// Distances from a theory's predictor at the same data draw; `theory_time` is the time of the theory's array.
Distances distances_from_theory(const Series& measured, double time, const Series& theory, double theory_time);

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
