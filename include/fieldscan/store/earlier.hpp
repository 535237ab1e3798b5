#pragma once
#include <cstdint>
#include <string>

#include "fieldscan/scan/points/scan.hpp"
#include "fieldscan/store/store.hpp"

namespace fieldscan::store {

/// How many results a store holds of points and predictions that the scan does not have: of an earlier text that ran in
/// the same directory. They are kept, and shown where that text runs again; invalidated ones do not count.
std::int64_t count_earlier(const scan::Scan& scan, const Store& store);

/// One sentence that says so, with the remedy; empty where there are none.
std::string earlier_sentence(std::int64_t count);

}  // namespace fieldscan::store
