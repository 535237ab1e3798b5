#pragma once
#include <cstdint>

#include "fieldscan/campaign/child/fork_server.hpp"

/// What the fork server and its children do. The process that made the server talks to it over a stream socket:
///
///     fork: Request{fork, memory}  → Forked, with the child's socket as ancillary data
///     end:  Request{end, pid}      → Ended, then `tail` bytes of what the child printed last
///     mind: Request{mind, size}, then `size` bytes of /proc/PID/maps: what to remove should the process die
///     quit: Request{quit}: the process ends in good order
namespace fieldscan::campaign {

enum class Wish : std::int32_t { fork, end, mind, quit };
struct Request {
  Wish wish = Wish::fork;
  std::int32_t pid = 0;  ///< or a size
  double memory_bytes = 0;
};
struct Forked {
  std::int32_t pid = -1;
  std::int32_t error = 0;  ///< errno where there is no child
};
struct Ended {
  std::int32_t status = 0;  ///< as of waitpid
  std::int32_t tail = 0;
};

/// Kinds of the frames between a rank and a compute child.
inline constexpr char frame_setup = 's', frame_request = 'r', frame_answer = 'a', frame_exception = 'e',
                      frame_memory = 'm', frame_data = 'd';

/// The life of the server process; does not return.
[[noreturn]] void serve(int control, const MakeHandler& make);

/// The life of a compute child: a setup, then requests; does not return.
[[noreturn]] void compute(int socket, const MakeHandler& make);

}  // namespace fieldscan::campaign
