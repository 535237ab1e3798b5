#pragma once
#include <vector>

#include "fieldscan/training/train.hpp"

/// What the trainers share: the streams of a replica, and what they write down.
namespace fieldscan::training {

/// Everything of a replica but its initial weights (batches, noise, momenta, …) is keyed by r and i.
Stream replica_stream(const Problem& problem, Purpose purpose);

/// θ₀ of the replica.
Vector start_of(const Problem& problem, const network::Network& network);

/// What the problem's loss compares outputs with: labels [points·C], or their classes (`data::class_codes`).
Vector compared_labels(LossFunction loss, const Matrix& label);

/// Whether predictions on the test set are to be stored: they are asked for, or something that is formed from them.
bool wants_predictor(const ObservePlan& plan);

/// A result with the replica's numbers, and with the clean target where this replica has to store it (initialisation
/// 0).
Result start_result(const Problem& problem, const ObservePlan& plan);
/// The predictor array at a time, of values [points·C].
Array predictor_array(double time, const VectorView& values, Index outputs);

}  // namespace fieldscan::training
