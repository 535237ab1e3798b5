#pragma once
#include <vector>

#include "fieldscan/scan/points/point.hpp"
#include "fieldscan/scan/task/test_members.hpp"

/// What differs between the data draws of a point, number by number.
namespace fieldscan::scan {

/// What every data draw of a point has the same, and what trainings add of their own.
struct SameRows {
  bool train = false;                      ///< the training rows with their labels, in another order
  bool train_inputs = false;               ///< the inputs of these rows, whatever their labels
  bool test = false;                       ///< the test rows with their targets, in another order
  bool test_order = false;                 ///< and in the same order
  bool target = false;                     ///< the target function
  bool start_on_rows = false;              ///< networks start from what their training rows say (`direction: labels`)
  bool own_noise = false;                  ///< networks on the same training rows end elsewhere: chains, batches
  std::vector<training::View> views = {};  ///< on what observables of the networks are measured, if not the default
  bool operator==(const SameRows&) const = default;
};
/// Of networks, or of theories that are given the draw.
SameRows same_rows(const Point& point, Side side);

/// What of a number differs between data draws. In this order: of two numbers together the first that one of them has.
enum class Redrawn {
  rows,     ///< rows that it is formed from, so that draws are an ensemble
  noise,    ///< that of each training alone
  nothing,  ///< rounding: draws are one
};
/// Of an observable at a time: of a network before its training (time 0) no training row is seen but by what is
/// measured on them, and by a start that is built of them; after it all are. What an observable is measured on says
/// `needs` of its line (observable_list.hpp) and its view. Numbers of theories alone are formed from training rows.
Redrawn redrawn(const SameRows& same, Observable observable, double time);
/// The same of an observable that labels need not enter, if they do not: of kernels, their spectra and what theories of
/// a given kernel make of them. `rows` of all others, and where the inputs differ. A network that has learned, or a
/// theory whose kernel does, has numbers that differ all the same.
Redrawn redrawn_without_labels(const SameRows& same, Observable observable, double time);

/// Whether more data draws tell more of the observable by which an ensemble grows (`until`); false where its draws are
/// copies, so that initialisations have to grow. True of ensembles that do not grow, and without networks.
bool draws_grow(const Point& point);
/// What a growing ensemble starts with: at least `batch` of the level that can grow; of others their ensemble.
Ensemble first_ensemble(const Point& point);

}  // namespace fieldscan::scan
