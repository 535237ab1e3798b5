#pragma once
#include <deque>
#include <optional>

#include "fieldscan/campaign/fork_server.hpp"

namespace boost::mpi {
class communicator;
}

/// Flat messages between ranks: probed, then received with a blocking call. No nonblocking receives of serialized objects, which are
/// known to be cut off or to hang.
namespace fieldscan::campaign {

enum class Tag : int { order = 1, recall, stop, dismiss, report };

struct Message {
  int source = 0;
  Tag tag = Tag::order;
  Bytes content;
};

/// What a process sends and receives. Not for several threads.
///
/// Two processes that send to each other at the same time would wait for each other for ever, as long messages are only sent while they
/// are received: so `send` takes in what arrives while it waits.
class Mailbox {
 public:
  explicit Mailbox(boost::mpi::communicator& world) : world_(world) {}
  /// Sends a message of any size; returns when it is on its way.
  void send(int rank, Tag tag, const Bytes& content);
  /// A message, if one is there.
  std::optional<Message> receive();

 private:
  void send_part(int rank, Tag tag, const char* data, std::size_t size);
  std::optional<Message> take_in();

  boost::mpi::communicator& world_;
  std::deque<Message> arrived_;
};

/// The bytes of rank 0, on all ranks.
void broadcast_bytes(boost::mpi::communicator& world, Bytes& bytes);

}  // namespace fieldscan::campaign
