#pragma once
#include <vector>

#include "fieldscan/training/train.hpp"

/// What the trainers share: the streams of a replica, and what they write down.
namespace fieldscan::training {

/// The loops, one per trainer.
Result train_replica(const Problem& problem, const None& trainer, const ObservePlan& plan);
Result train_replica(const Problem& problem, const GradientDescent& trainer, const ObservePlan& plan);
Result train_replica(const Problem& problem, const Sgd& trainer, const ObservePlan& plan);
Result train_replica(const Problem& problem, const Adam& trainer, const ObservePlan& plan);
Result train_replica(const Problem& problem, const Langevin& trainer, const ObservePlan& plan);
Result train_replica(const Problem& problem, const Mala& trainer, const ObservePlan& plan);
Result train_replica(const Problem& problem, const Hmc& trainer, const ObservePlan& plan);
Result train_replica(const Problem& problem, const ExactReadout& trainer, const ObservePlan& plan);

/// Initial weights depend on i alone, so that initialisation i is the same for every data draw.
Stream weight_stream(const Problem& problem);
/// Everything else (batches, noise, momenta, …) is keyed by r and i.
Stream replica_stream(const Problem& problem, Purpose purpose);

/// Whether predictions on the test set are to be stored: they are asked for, or something that is formed from them.
bool wants_predictor(const ObservePlan& plan);

/// A result with the replica's numbers, and with the clean target where this replica has to store it (initialisation 0).
Result start_result(const Problem& problem, const ObservePlan& plan);
/// The predictor array at a time.
Array predictor_array(double time, const VectorView& outputs);

}  // namespace fieldscan::training
