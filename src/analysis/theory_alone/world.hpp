#pragma once
#include <string>

#include "../formula/formula.hpp"
#include "fieldscan/scan/points/scan.hpp"

namespace fieldscan::analysis {

/// The statements of a scan as they are where a theory is right: what is measured of networks is what it predicts, and
/// deviation(b) the distance of its predictor from that of b.
Context world_of(const scan::Scan& scan, const Table& table, const std::string& theory);

}  // namespace fieldscan::analysis
