#include "frame.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace fieldscan::campaign {

namespace {

constexpr std::size_t frame_header = sizeof(std::uint64_t) + 1;

}  // namespace

bool write_all(int socket, const void* data, std::size_t size) {
  const char* at = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t written = send(socket, at, size, MSG_NOSIGNAL);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    at += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

bool read_all(int socket, void* data, std::size_t size) {
  char* at = static_cast<char*>(data);
  while (size > 0) {
    const ssize_t got = read(socket, at, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

bool write_frame(int socket, char kind, const Bytes& content) {
  const std::uint64_t length = content.size();
  Bytes start(frame_header);
  std::memcpy(start.data(), &length, sizeof length);
  start[sizeof length] = kind;
  return write_all(socket, start.data(), start.size()) && write_all(socket, content.data(), content.size());
}

std::optional<Frame> read_frame(int socket) {
  std::uint64_t length = 0;
  Frame frame;
  if (!read_all(socket, &length, sizeof length) || !read_all(socket, &frame.kind, 1)) return std::nullopt;
  frame.content.resize(length);
  if (!read_all(socket, frame.content.data(), length)) return std::nullopt;
  return frame;
}

std::optional<Frame> take_frame(Bytes& buffer) {
  if (buffer.size() < frame_header) return std::nullopt;
  std::uint64_t length = 0;
  std::memcpy(&length, buffer.data(), sizeof length);
  if (buffer.size() - frame_header < length) return std::nullopt;
  const auto begin = buffer.begin() + frame_header;
  const auto end = begin + static_cast<std::ptrdiff_t>(length);
  Frame frame{.kind = buffer[sizeof length], .content = Bytes(begin, end)};
  buffer.erase(buffer.begin(), end);
  return frame;
}

}  // namespace fieldscan::campaign
