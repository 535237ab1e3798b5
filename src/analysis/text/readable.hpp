#pragma once
#include <string>
#include <string_view>

namespace fieldscan::analysis {

/// A formula or statement of a scan file as a reader expects it: "width >= 512 && training.readout == 'integrated'"
/// becomes "width ≥ 512 and training.readout = integrated", "width * deviation(nngp)" "width · deviation(nngp)",
/// "-1e-06" "−10⁻⁶". Names stay as they are, so that they are found in the file.
std::string readable(std::string_view text);

/// The text in one line: controls and bytes that are no UTF-8 spelled out, line feeds and tabs as blanks.
std::string one_line(std::string_view text);

}  // namespace fieldscan::analysis
