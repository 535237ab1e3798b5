#pragma once
#include <functional>
#include <stdexcept>

#include "fieldscan/core/flat.hpp"

namespace fieldscan::training {

/// Where a long training keeps its state. What is trained with, without or from a checkpoint has the same bits.
struct Checkpoint {
  enum class Wish {
    nothing,
    save,
    stop,  ///< save, then end the training with `Stopped`
  };
  std::function<Wish()> wish;              ///< asked at every step; of `hmc` and `mala` at every trajectory
  std::function<Bytes()> load;             ///< the state saved last; empty where there is none
  std::function<void(const Bytes&)> save;  ///< replaces what was saved before
};

/// A training ended early, by wish, after its state was saved.
class Stopped : public std::runtime_error {
 public:
  Stopped() : std::runtime_error("stopped by wish; its checkpoint was written") {}
};

}  // namespace fieldscan::training
