#pragma once
#include <string>

#include "../table/table.hpp"

/// The chains of samplers, on the page.
namespace fieldscan::analysis {

/// The worst chain of every point, and the traces and ranks of the worst chains of all where they are stored.
std::string section_chains(const Table& table);

}  // namespace fieldscan::analysis
