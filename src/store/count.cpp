#include "count.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "lock.hpp"

namespace fieldscan::store {

namespace {

/// Never what a link leads to, nor a pipe.
int open_count(const std::filesystem::path& directory, int flags) {
  return ::open((directory / "store.commits").c_str(), flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
}

}  // namespace

void write_count(const std::filesystem::path& directory, std::int64_t commits) {
  const int descriptor = open_count(directory, O_WRONLY | O_CREAT);
  if (descriptor < 0) return;
  // Always as long, in one call: whoever reads meanwhile sees the one number or the other.
  const std::string text = fmt::format("{:020}\n", commits);
  [[maybe_unused]] const ssize_t written = pwrite(descriptor, text.data(), text.size(), 0);
  close(descriptor);
}

std::int64_t counted_commits(const std::filesystem::path& directory) {
  const std::int64_t marked = marked_commits(directory / "lock");
  const int descriptor = open_count(directory, O_RDONLY);
  if (descriptor < 0) return marked;
  std::array<char, 32> buffer{};
  const ssize_t n = pread(descriptor, buffer.data(), buffer.size() - 1, 0);
  close(descriptor);
  return std::max(marked, n > 0 ? static_cast<std::int64_t>(std::strtoll(buffer.data(), nullptr, 10)) : 0);
}

}  // namespace fieldscan::store
