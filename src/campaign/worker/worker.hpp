#pragma once
#include <optional>
#include <string>
#include <vector>

#include "../master/placement.hpp"
#include "../message/encode.hpp"

namespace boost::mpi {
class communicator;
}

namespace fieldscan::campaign {

std::string host_name();

/// This process's host, and the memory that the processes of its node may use together.
Place here();

/// The life of a worker rank: says where it is, takes orders from rank 0, has them computed by its child and reports,
/// until it is dismissed. Where rank 0 is silent long after the deadline (hearing.hpp) it saves what is computed and
/// gives up waiting: MPI can not be finished then.
enum class Farewell { dismissed, unheard };
Farewell work(boost::mpi::communicator& world, ForkServer& server, const Bytes& setup, std::optional<double> deadline);

}  // namespace fieldscan::campaign
