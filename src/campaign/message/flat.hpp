#pragma once
#include "fieldscan/campaign/child/fork_server.hpp"
#include "fieldscan/core/flat.hpp"
