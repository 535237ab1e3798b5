#pragma once
#include <optional>

#include "fieldscan/campaign/fork_server.hpp"

namespace boost::mpi {
class communicator;
}

/// Flat messages between ranks: probed, then received with a blocking call. No nonblocking receives of serialized objects, which are
/// known to be cut off or to hang.
namespace fieldscan::campaign {

enum class Tag : int { order = 1, stop, dismiss, report };

struct Message {
  int source = 0;
  Tag tag = Tag::order;
  Bytes content;
};

/// Sends a message of any size; returns when the bytes may be used again.
void send_message(boost::mpi::communicator& world, int rank, Tag tag, const Bytes& content);
/// A message, if one is there.
std::optional<Message> receive_message(boost::mpi::communicator& world);
/// The bytes of rank 0, on all ranks.
void broadcast_bytes(boost::mpi::communicator& world, Bytes& bytes);

}  // namespace fieldscan::campaign
