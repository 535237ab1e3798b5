#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>

#include "fieldscan/data/facts.hpp"
#include "frame.hpp"
#include "server_process.hpp"

namespace fieldscan::campaign {

namespace {

Bytes bytes_of(const char* text) { return Bytes(text, text + std::strlen(text)); }

/// Calls `work`; what it throws becomes a frame. The text of a lack of memory is fixed: there may be none left to make
/// one.
template <class Work>
Frame guarded(const Work& work) {
  try {
    return {frame_answer, work()};
  } catch (const std::bad_alloc&) {
    return {frame_memory, {}};
  } catch (const data::DataLost& error) {
    return {frame_data, bytes_of(error.what())};
  } catch (const std::exception& error) {
    return {frame_exception, bytes_of(error.what())};
  } catch (...) {
    return {frame_exception, bytes_of("an exception without a text")};
  }
}

/// What is freed stays with the process: matrices of a megabyte come and go with every block of examples, and pages
/// given back to the system would be zeroed anew each time.
void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
}

}  // namespace

void compute(int socket, const MakeHandler& make) {
  sigset_t waiting;  // the wish to save and stop: it waits for the training to look
  sigemptyset(&waiting);
  sigaddset(&waiting, SIGUSR2);
  sigprocmask(SIG_BLOCK, &waiting, nullptr);
  keep_freed_memory();
  Handler handler;
  Frame refused;  ///< why there is no handler
  while (const auto frame = read_frame(socket)) {
    if (frame->kind == frame_setup) {
      refused = guarded([&] {
        handler = make(frame->content);
        return Bytes{};
      });
      continue;
    }
    const Frame answer = refused.kind != frame_answer ? refused : guarded([&] { return handler(frame->content); });
    std::fflush(nullptr);  // what was printed belongs to this request
    if (!write_frame(socket, answer.kind, answer.content)) break;
  }
  _exit(0);
}

}  // namespace fieldscan::campaign
