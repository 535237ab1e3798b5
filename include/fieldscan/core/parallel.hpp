#pragma once
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "fieldscan/core/matrix.hpp"

namespace fieldscan {

/// Calls work(i, worker) for i < count, worker < threads: each worker is one thread, and takes what comes next. What is
/// computed for one i must not depend on who computes it. What the first of them throws is thrown.
template <class Work>
void in_parallel(Index count, int threads, const Work& work) {
  std::atomic<Index> next{0};
  std::mutex mutex;
  std::exception_ptr thrown;
  const auto serve = [&](int worker) {
    try {
      for (Index i = next++; i < count; i = next++) work(i, worker);
    } catch (...) {
      next = count;
      const std::scoped_lock lock(mutex);
      if (!thrown) thrown = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    try {
      for (int worker = 1; worker < threads && worker < count; ++worker) others.emplace_back(serve, worker);
    } catch (const std::system_error&) {
      // No more threads are to be had: those that there are do it.
    }
    serve(0);
  }
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace fieldscan
