#include "fieldscan/network/dynamics.hpp"

template struct fieldscan::OneOf<fieldscan::DynamicsList>;
