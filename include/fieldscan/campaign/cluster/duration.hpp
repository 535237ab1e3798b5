#pragma once
#include <optional>
#include <string>

namespace fieldscan::campaign {

/// "90", "90s", "45m", "12h" or "HH:MM:SS" in seconds; nullopt for anything else, for what is negative, and beyond
/// thirty years.
std::optional<double> parse_duration(const std::string& text);

}  // namespace fieldscan::campaign
