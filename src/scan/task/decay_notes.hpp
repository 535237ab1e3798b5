#pragma once
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "fieldscan/data/draw.hpp"
#include "fieldscan/scan/points/point.hpp"

namespace fieldscan::scan {

/// What a plan says of descent with decay towards zero, where f = 0 may be where it ends.
class DecayNotes {
 public:
  void add(const Point& point);
  /// Sentences; none where no point decays towards zero.
  std::vector<std::string> sentences() const;

 private:
  const data::Draw* draw_of(const PointSpec& spec);

  struct Kept {
    data::Spec data;
    std::int64_t seed = 0;
    data::Draw draw = {};
  };
  std::optional<Kept> kept_;  ///< draw 0 of the last data that was asked for
  int draws_made_ = 0;
  double lowest_ = std::numeric_limits<double>::infinity(), highest_ = 0;  ///< κ_c
  int shallow_ = 0, above_ = 0, unknown_ = 0, deep_ = 0;                   ///< points
};

}  // namespace fieldscan::scan
