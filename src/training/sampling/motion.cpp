#include "motion.hpp"

#include <algorithm>
#include <cmath>

namespace fieldscan::training {

namespace {

constexpr double least_motion = 1e-10;  ///< far more than what sets a number of the chain apart from a constant one

Id id_of(const Vector& z) {
  return hash128({reinterpret_cast<const char*>(z.data()), static_cast<std::size_t>(z.size()) * sizeof(double)});
}

double square(std::int64_t stay) { return static_cast<double>(stay) * static_cast<double>(stay); }

}  // namespace

void Motion::add(const Vector& z) {
  const Id position = id_of(z);
  if (samples_ == 0) {
    dimension_ = z.size();
    still_.reserve(static_cast<std::size_t>(z.size()));
    for (Index k = 0; k < z.size(); ++k) still_.push_back({k, z[k]});
  } else if (position != position_) {
    std::erase_if(still_, [&](const Still& still) {
      const double now = z[still.coordinate];
      return std::abs(now - still.first) > least_motion * std::max(std::abs(now), std::abs(still.first));
    });
    squares_ += square(stay_);
    stay_ = 0;
  }
  position_ = position;
  ++stay_;
  ++samples_;
}

double Motion::positions() const {
  const auto count = static_cast<double>(samples_);
  if (dimension_ == 0) return count;
  return count * count / (squares_ + square(stay_));
}

void Motion::put(FlatWriter& out) const {
  out.put(static_cast<std::uint64_t>(still_.size()));
  for (const Still& still : still_) {
    out.put(still.coordinate);
    out.put(still.first);
  }
  out.put(static_cast<std::int64_t>(dimension_));
  out.put(samples_);
  out.put(stay_);
  out.put(squares_);
  out.put(position_.high);
  out.put(position_.low);
}

void Motion::get(FlatReader& in) {
  still_.resize(in.length(sizeof(std::int64_t) + sizeof(double)));
  for (Still& still : still_) {
    still.coordinate = in.get<std::int64_t>();
    still.first = in.get<double>();
  }
  dimension_ = in.get<std::int64_t>();
  samples_ = in.get<std::int64_t>();
  stay_ = in.get<std::int64_t>();
  squares_ = in.get<double>();
  position_.high = in.get<std::uint64_t>();
  position_.low = in.get<std::uint64_t>();
  for (const Still& still : still_)
    if (still.coordinate < 0 || still.coordinate >= dimension_)
      throw MalformedMessage("a coordinate that is not there");
}

}  // namespace fieldscan::training
