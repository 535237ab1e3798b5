#pragma once
#include <boost/mpi/request.hpp>
#include <list>
#include <optional>

#include "fieldscan/campaign/child/fork_server.hpp"

namespace boost::mpi {
class communicator;
}

/// Flat messages between ranks: probed, then received as bytes. No nonblocking receives of serialized objects, which
/// are known to be cut off or to hang.
namespace fieldscan::campaign {

enum class Tag : int { order = 1, recall, stop, dismiss, report, ask, alive, place, goodbye };

struct Message {
  int source = 0;
  Tag tag = Tag::order;
  Bytes content;
};

/// What a process sends and receives. Not for several threads.
///
/// Long messages only travel while both sides take part, and the other process may be sending itself, or be stopped: so
/// neither call waits; what could not be sent or received yet goes on with every call. Of one source they arrive in the
/// order in which they were sent.
class Mailbox {
 public:
  explicit Mailbox(boost::mpi::communicator& world) : world_(world) {}
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;
  ~Mailbox();
  /// Sends a message of any size, in the order of the calls; returns at once.
  void send(int rank, Tag tag, const Bytes& content);
  /// A message, if a whole one is there.
  std::optional<Message> receive();
  /// Goes on with what is being sent; whether all of it is sent.
  bool all_sent();

 private:
  /// One part of a message on its way; the bytes are MPI's until it is through.
  struct Travelling {
    int rank = 0;
    Tag tag = Tag::order;
    Bytes bytes;
    boost::mpi::request request;
  };
  void send_part(int rank, Tag tag, Bytes bytes);
  void take_in();
  Message whole(Travelling first);

  boost::mpi::communicator& world_;
  std::list<Travelling> sending_, arriving_;
};

/// The bytes of rank 0, on all ranks.
void broadcast_bytes(boost::mpi::communicator& world, Bytes& bytes);

}  // namespace fieldscan::campaign
