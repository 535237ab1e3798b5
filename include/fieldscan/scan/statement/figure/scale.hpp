#pragma once
#include <array>
#include <string_view>

namespace fieldscan::scan {

/// Which axes of a figure are logarithmic; `log` is the vertical one.
enum class Scale { linear, log, log_x, log_y, log_log };
constexpr auto words(Scale) { return std::array<std::string_view, 5>{"linear", "log", "log-x", "log-y", "log-log"}; }
constexpr bool is_log_x(Scale scale) { return scale == Scale::log_x || scale == Scale::log_log; }
constexpr bool is_log_y(Scale scale) { return scale == Scale::log || scale == Scale::log_y || scale == Scale::log_log; }

/// What to write instead of keys that other kinds of figures have.
using Remedies = std::pair<std::string_view, std::string_view>;

}  // namespace fieldscan::scan
