#include "fieldscan/scan/points/point.hpp"

#include "parsed.hpp"

namespace fieldscan::scan {

bool trains(const PointSpec& spec) { return training::yield_of(spec.training) != training::Yield::nothing; }

std::string point_text(const PointSpec& spec) {
  std::string text;
  for (std::size_t k = 0; k < section_count; ++k) text += section_text(spec, k);
  return text;
}

Id point_id(const PointSpec& spec) { return hash128(point_text(spec)); }

}  // namespace fieldscan::scan
