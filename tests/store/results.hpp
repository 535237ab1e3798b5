#pragma once
#include "fieldscan/store/store.hpp"

/// Results made by hand: the value of a result says which one it is.
inline fieldscan::Result make_result(std::int64_t draw, std::int64_t initialisation, double value,
                                     std::size_t rows = 3) {
  using namespace fieldscan;
  Result result{.data_draw = draw,
                .initialisation = initialisation,
                .outcome = Outcome::done,
                .reason = "",
                .rows = {},
                .arrays = {}};
  for (std::size_t k = 0; k < rows; ++k)
    result.rows.push_back({.observable = Observable::error_test,
                           .time = k + 1 == rows ? equilibrium : static_cast<double>(k),
                           .coordinate = 0,
                           .value = value + static_cast<double>(k),
                           .standard_error = 0.25,
                           .count = 7,
                           .flag = Flag::not_equilibrated});
  result.arrays.push_back({.observable = Observable::predictor,
                           .time = equilibrium,
                           .shape = {2, 2},
                           .data = {value, -value, 1.0 / 3.0, 1e-310}});
  return result;
}

/// Bit by bit: −0.0 differs from 0.0.
inline bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) {
           return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
         });
}
