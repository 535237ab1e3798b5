#pragma once
#include <memory>
#include <vector>

#include "fieldscan/scan/task/plan.hpp"

namespace fieldscan::scan {

/// The ranges of dimensionless groups over points.
class Groups {
 public:
  Groups();
  ~Groups();
  void add(const PointSpec& spec);
  /// Those that some point has.
  std::vector<Group> found() const;

 private:
  struct Memory;
  std::vector<Group> groups_;
  std::unique_ptr<Memory> memory_;
};

}  // namespace fieldscan::scan
