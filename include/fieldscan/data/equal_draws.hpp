#pragma once
#include "fieldscan/data/spec.hpp"

/// Data draws that are copies of one another.
namespace fieldscan::data {

/// Whether every draw trains on the same rows, in another order, whatever their labels: all rows of a file's pool, or
/// every input of a finite set (`train_size: whole`). False where a file has not been looked at.
bool equal_training_rows(const Spec& spec);

/// Whether every draw trains on the same rows with the same labels, in another order: all rows of a file's pool, or
/// every input of a finite set (`train_size: whole`), without noise, shuffled labels or a target of each draw's own.
/// False where a file has not been looked at. With `test_size: rest` of a finite set draws are complements: other
/// training rows in each.
bool equal_training_sets(const Spec& spec);

/// Whether every draw is tested on the same rows with the same targets, whatever it trains on: they are `shared`,
/// `exact`, or all that are held out of a file.
bool equal_test_sets(const Spec& spec);

/// Whether the target function is the same in every draw.
bool equal_targets(const Spec& spec);

/// Both training and test sets. Such draws are one, and no scatter over them is an error of anything.
bool equal_draws(const Spec& spec);

}  // namespace fieldscan::data
