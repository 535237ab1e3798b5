#pragma once
#include <cstddef>
#include <optional>

#include "fieldscan/campaign/child/fork_server.hpp"

/// Messages between a rank and its compute child: a length of 8 bytes, then so many bytes. Both ends are on one
/// machine.
namespace fieldscan::campaign {

/// Writes or reads exactly so many bytes; false where the other end is gone. Interrupted calls go on.
bool write_all(int socket, const void* data, std::size_t size);
bool read_all(int socket, void* data, std::size_t size);

/// One message, with a byte before its content that says what it is.
bool write_frame(int socket, char kind, const Bytes& content);
struct Frame {
  char kind = 0;
  Bytes content;
};
/// Waits for a message; nullopt where the other end is gone.
std::optional<Frame> read_frame(int socket);
/// The message that a buffer begins with, once all of it has arrived.
std::optional<Frame> take_frame(Bytes& buffer);

}  // namespace fieldscan::campaign
