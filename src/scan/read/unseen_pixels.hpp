#pragma once
#include "../points/check_point.hpp"
#include "../text/report.hpp"
#include "fieldscan/scan/points/point.hpp"

namespace fieldscan::scan {

/// Of a convolutional network whose first layer's stride leaves rows or columns of the image that no filter sees, a
/// warning with which (FS0631): what they hold is lost to the network, and to every theory of it.
void warn_of_unseen_pixels(const PointSpec& spec, const Variant& variant, Report& report);

}  // namespace fieldscan::scan
