#include "message.hpp"

#include <algorithm>
#include <boost/mpi/collectives/broadcast.hpp>
#include <boost/mpi/communicator.hpp>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

namespace fieldscan::campaign {

namespace {

/// MPI counts in int: longer messages go in parts. The first part begins with the length of the whole.
constexpr std::size_t part = std::size_t{1} << 30;
constexpr std::size_t header = sizeof(std::uint64_t);

}  // namespace

void Mailbox::send(int rank, Tag tag, const Bytes& content) {
  const std::uint64_t length = content.size();
  const std::size_t first = std::min(content.size(), part - header);
  Bytes start(header + first);
  std::memcpy(start.data(), &length, header);
  std::copy_n(content.begin(), first, start.begin() + header);
  send_part(rank, tag, start.data(), start.size());
  for (std::size_t sent = first; sent < content.size(); sent += part)
    send_part(rank, tag, content.data() + sent, std::min(part, content.size() - sent));
}

void Mailbox::send_part(int rank, Tag tag, const char* data, std::size_t size) {
  boost::mpi::request sending = world_.isend(rank, static_cast<int>(tag), data, static_cast<int>(size));
  while (!sending.test())
    if (auto message = take_in())
      arrived_.push_back(std::move(*message));
    else
      std::this_thread::sleep_for(std::chrono::microseconds(20));
}

std::optional<Message> Mailbox::receive() {
  if (arrived_.empty()) return take_in();
  Message message = std::move(arrived_.front());
  arrived_.pop_front();
  return message;
}

std::optional<Message> Mailbox::take_in() {
  const auto status = world_.iprobe(boost::mpi::any_source, boost::mpi::any_tag);
  if (!status) return std::nullopt;
  const int source = status->source(), tag = status->tag(), size = status->count<char>().value_or(0);
  Bytes start(static_cast<std::size_t>(size));
  world_.recv(source, tag, start.data(), size);
  std::uint64_t length = 0;
  std::memcpy(&length, start.data(), header);
  Message message{
      .source = source, .tag = static_cast<Tag>(tag), .content = Bytes(start.begin() + header, start.end())};
  while (message.content.size() < length) {
    const std::size_t have = message.content.size(), next = std::min<std::size_t>(part, length - have);
    message.content.resize(have + next);
    world_.recv(source, tag, message.content.data() + have, static_cast<int>(next));
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
