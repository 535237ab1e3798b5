#include "fieldscan/core/build.hpp"

#include "commit.hpp"

namespace fieldscan::build {

std::string release() { return FIELDSCAN_VERSION; }
std::string version() { return *FIELDSCAN_COMMIT == '\0' ? release() : release() + " (" FIELDSCAN_COMMIT ")"; }
std::string architecture() { return FIELDSCAN_ARCH; }
std::string tuning() { return FIELDSCAN_TUNE; }

}  // namespace fieldscan::build
