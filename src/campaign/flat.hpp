#pragma once
#include "fieldscan/campaign/fork_server.hpp"
#include "fieldscan/core/flat.hpp"
