#pragma once
#include <string>
#include <vector>

#include "encode.hpp"
#include "placement.hpp"

namespace boost::mpi {
class communicator;
}

namespace fieldscan::campaign {

std::string host_name();

/// This process's host, and the memory that the processes of its node may use together.
Place here();
/// The places of all ranks, on rank 0. All ranks of `world` call this together.
std::vector<Place> gather_places(boost::mpi::communicator& world);

/// The life of a worker rank: takes orders from rank 0, has them computed by its child and reports, until it is dismissed.
void work(boost::mpi::communicator& world, ForkServer& server, const Bytes& setup);

}  // namespace fieldscan::campaign
