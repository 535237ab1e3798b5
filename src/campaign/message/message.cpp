#include "message.hpp"

#include <algorithm>
#include <boost/mpi/collectives/broadcast.hpp>
#include <boost/mpi/communicator.hpp>
#include <cstring>
#include <set>
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
  send_part(rank, tag, std::move(start));
  for (std::size_t sent = first; sent < content.size(); sent += part) {
    const auto begin = content.begin() + static_cast<std::ptrdiff_t>(sent);
    send_part(rank, tag, Bytes(begin, begin + static_cast<std::ptrdiff_t>(std::min(part, content.size() - sent))));
  }
  all_sent();
}

void Mailbox::send_part(int rank, Tag tag, Bytes bytes) {
  Travelling& part = sending_.emplace_back(Travelling{.rank = rank, .tag = tag, .bytes = std::move(bytes)});
  part.request = world_.isend(rank, static_cast<int>(tag), part.bytes.data(), static_cast<int>(part.bytes.size()));
}

bool Mailbox::all_sent() {
  std::erase_if(sending_, [](Travelling& part) { return part.request.test().has_value(); });
  return sending_.empty();
}

/// Begins to receive what is announced.
void Mailbox::take_in() {
  while (const auto status = world_.iprobe(boost::mpi::any_source, boost::mpi::any_tag)) {
    const auto size = static_cast<std::size_t>(status->count<char>().value_or(0));
    Travelling& first = arriving_.emplace_back(
        Travelling{.rank = status->source(), .tag = static_cast<Tag>(status->tag()), .bytes = Bytes(size)});
    first.request = world_.irecv(first.rank, status->tag(), first.bytes.data(), static_cast<int>(size));
    if (size >= part) return;  // more of it follows, which must not be taken for another message
  }
}

std::optional<Message> Mailbox::receive() {
  all_sent();
  if (arriving_.empty() || arriving_.back().bytes.size() < part) take_in();
  std::set<int> waiting;  // for an earlier message of theirs
  for (auto first = arriving_.begin(); first != arriving_.end(); ++first) {
    if (waiting.contains(first->rank)) continue;
    if (first->request.test().has_value()) {
      Message message = whole(std::move(*first));
      arriving_.erase(first);
      return message;
    }
    waiting.insert(first->rank);
  }
  return std::nullopt;
}

/// The message that a first part begins; what follows is waited for.
Message Mailbox::whole(Travelling first) {
  std::uint64_t length = 0;
  std::memcpy(&length, first.bytes.data(), header);
  first.bytes.erase(first.bytes.begin(), first.bytes.begin() + header);
  Message message{.source = first.rank, .tag = first.tag, .content = std::move(first.bytes)};
  while (message.content.size() < length) {
    const std::size_t have = message.content.size(), next = std::min<std::size_t>(part, length - have);
    message.content.resize(have + next);
    world_.recv(first.rank, static_cast<int>(first.tag), message.content.data() + have, static_cast<int>(next));
  }
  return message;
}

/// What a rank that does not answer has not taken stays with MPI: the process is about to end.
Mailbox::~Mailbox() {
  if (all_sent() && arriving_.empty()) return;
  for (auto* parts : {&sending_, &arriving_})
    static_cast<void>(std::make_unique<std::list<Travelling>>(std::move(*parts)).release());
}

void broadcast_bytes(boost::mpi::communicator& world, Bytes& bytes) {
  std::uint64_t size = bytes.size();
  boost::mpi::broadcast(world, size, 0);
  bytes.resize(size);
  boost::mpi::broadcast(world, bytes.data(), static_cast<int>(size), 0);
}

}  // namespace fieldscan::campaign
