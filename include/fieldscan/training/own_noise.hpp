#pragma once
#include "fieldscan/training/list.hpp"

namespace fieldscan::training {

/// Whether trainings of one network on the same data, in another order, end elsewhere: chains, batches, fresh examples,
/// and steps on the first points alone. `points`: P.
bool has_own_noise(const TrainerChoice& trainer, int points);

}  // namespace fieldscan::training
