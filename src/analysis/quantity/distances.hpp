#pragma once
#include <string>
#include <vector>

#include "../table/table.hpp"
#include "observe.hpp"
#include "quantity.hpp"

/// How far predictors are from what they are compared with: f_ri is the predictor of initialisation (chain) i on data
/// draw r, e_ri = f_ri − reference_r its distance from the clean target or from a theory at the same draw.
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
  bool of_one_draw = false;  ///< and one of each initialisation is there, as of `one_draw`
  Unconverged unconverged = {};
  Basis basis = {};
  std::string problem;
  Lack lack = Lack::nothing;
};

/// Keeps one of each initialisation of a series where nothing that they are formed from differs between data draws.
void tell_redrawn(Distances& distances, const Series& series, scan::Redrawn redrawn);
/// Those of some data draws; all where no set is given.
Distances on_draws(Distances distances, const DrawSet& draws);
/// Distances from the clean target that is stored with the measurement.
Distances distances_from_target(const Series& measured, double time);
/// The predictors themselves: distances from zero.
Distances distances_from_zero(const Series& measured, double time);
/// Distances from a theory's predictor at the same data draw; `theory_time` is the time of the theory's array.
Distances distances_from_theory(const Series& measured, double time, const Series& theory, double theory_time);

}  // namespace fieldscan::analysis
