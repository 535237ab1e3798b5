#pragma once
#include <string>

#include "bibliography.hpp"

namespace fieldscan::analysis {

/// The title of a work of which a card names authors, venue and year alone; empty where it is not known here.
std::string title_of(const Work& work);

}  // namespace fieldscan::analysis
