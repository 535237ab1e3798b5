#pragma once
#include <filesystem>

#include "fieldscan/scan/points/scan.hpp"
#include "fieldscan/store/store.hpp"

namespace fieldscan::analysis {

/// Writes to the directory `out`: index.html (self-contained), figures as SVG, PDF and PNG with their
/// numbers and the record of their theories, methods.txt and references.bib.
/// Returns the page's path.
std::filesystem::path write_report(const scan::Scan& scan, const store::Store& store, const std::filesystem::path& out);

}  // namespace fieldscan::analysis
