#pragma once
#include <chrono>
#include <string>

#include "encode.hpp"

namespace boost::mpi {
class communicator;
}

namespace fieldscan::campaign {

std::string host_name();

/// How long a compute child has for saving the state of its training when it is stopped.
inline constexpr std::chrono::milliseconds patience_to_save{3000};

/// The memory that one compute child may use: the node's (of the machine, of the control group, of the Slurm job, whichever is
/// smallest) divided by the ranks on the node.
double memory_per_child();

/// The report of an order from the answer of the child.
Report report_of(std::uint64_t ticket, Compute::Answer answer);

/// The life of a worker rank: takes orders from rank 0, has them computed by its child and reports, until it is dismissed.
void work(boost::mpi::communicator& world, ForkServer& server, const Bytes& setup);

}  // namespace fieldscan::campaign
