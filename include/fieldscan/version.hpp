#pragma once

namespace fieldscan {
inline constexpr const char* version = FIELDSCAN_VERSION;
}
