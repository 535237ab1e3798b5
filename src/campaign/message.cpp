#include "message.hpp"

#include <algorithm>
#include <boost/mpi/collectives/broadcast.hpp>
#include <boost/mpi/communicator.hpp>
#include <cstring>

namespace fieldscan::campaign {

namespace {

/// MPI counts in int: longer messages go in parts. The first part begins with the length of the whole.
constexpr std::size_t part = std::size_t{1} << 30;
constexpr std::size_t header = sizeof(std::uint64_t);

}  // namespace

void send_message(boost::mpi::communicator& world, int rank, Tag tag, const Bytes& content) {
  const std::uint64_t length = content.size();
  const std::size_t first = std::min(content.size(), part - header);
  Bytes start(header + first);
  std::memcpy(start.data(), &length, header);
  std::copy_n(content.begin(), first, start.begin() + header);
  world.send(rank, static_cast<int>(tag), start.data(), static_cast<int>(start.size()));
  for (std::size_t sent = first; sent < content.size(); sent += part)
    world.send(rank, static_cast<int>(tag), content.data() + sent,
               static_cast<int>(std::min(part, content.size() - sent)));
}

std::optional<Message> receive_message(boost::mpi::communicator& world) {
  const auto status = world.iprobe(boost::mpi::any_source, boost::mpi::any_tag);
  if (!status) return std::nullopt;
  const int source = status->source(), tag = status->tag(), size = status->count<char>().value_or(0);
  Bytes start(static_cast<std::size_t>(size));
  world.recv(source, tag, start.data(), size);
  std::uint64_t length = 0;
  std::memcpy(&length, start.data(), header);
  Message message{
      .source = source, .tag = static_cast<Tag>(tag), .content = Bytes(start.begin() + header, start.end())};
  while (message.content.size() < length) {
    const std::size_t have = message.content.size(), next = std::min<std::size_t>(part, length - have);
    message.content.resize(have + next);
    world.recv(source, tag, message.content.data() + have, static_cast<int>(next));
  }
  return message;
}

void broadcast_bytes(boost::mpi::communicator& world, Bytes& bytes) {
  std::uint64_t size = bytes.size();
  boost::mpi::broadcast(world, size, 0);
  bytes.resize(size);
  boost::mpi::broadcast(world, bytes.data(), static_cast<int>(size), 0);
}

}  // namespace fieldscan::campaign
