#pragma once
#include <string_view>

namespace fieldscan::store {

/// Whether everything asked was observed: every entry of `asked` is one of `observed`, both texts of plans
/// (training::plan_text). A replica is done iff this holds.
bool covers(std::string_view observed, std::string_view asked);

}  // namespace fieldscan::store
