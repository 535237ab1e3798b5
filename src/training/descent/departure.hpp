#pragma once
#include <string>

#include "fieldscan/training/concept.hpp"

namespace fieldscan::training {

/// What makes a descent other than the plain one that theories in time describe; empty where it is plain.
template <class T>
std::string departure_of(const T& descent) {
  if (descent.schedule != RateSchedule::constant || descent.warmup > 0) return "with a schedule";
  if (descent.clip) return "with clipped gradients";
  if (descent.patience) return "with early stopping";
  if (descent.rates != RateFactors{}) return "with rates per tensor";
  return "";
}

}  // namespace fieldscan::training
