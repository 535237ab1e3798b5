#pragma once
#include <span>
#include <vector>

#include "../quantity/quantity.hpp"

namespace fieldscan::analysis {

/// y ≈ intercept + slope·x, weighted as power laws are (fit.hpp); all points alike where no error is beyond rounding.
struct Line {
  Quantity slope;
  Quantity intercept;
  std::vector<Quantity> residuals;
};
Line fit_line(std::span<const double> x, std::span<const Quantity> y);

}  // namespace fieldscan::analysis
