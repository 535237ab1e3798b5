#include "place.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "fieldscan/core/error.hpp"

namespace fieldscan::store {

Place::Place(std::filesystem::path path)
    : path_(std::move(path)), descriptor_(::open(path_.c_str(), O_PATH | O_CLOEXEC)) {
  if (descriptor_ < 0)
    throw EnvironmentError(
        fmt::format("{} is gone a moment after it was opened ({}); run again", path_.string(), std::strerror(errno)));
}
Place::Place(Place&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      written_(other.written_) {}
Place::~Place() {
  if (descriptor_ >= 0) close(descriptor_);
}

Place::Fate Place::fate() const {
  struct stat mine {
  }, there{};
  if (stat(path_.c_str(), &there) != 0) {
    if (errno != ENOENT && errno != ENOTDIR && errno != ESTALE) return Fate::there;
    return fstat(descriptor_, &mine) == 0 && mine.st_nlink > 0 ? Fate::moved : Fate::removed;
  }
  if (fstat(descriptor_, &mine) != 0) return Fate::removed;
  if (mine.st_dev != there.st_dev || mine.st_ino != there.st_ino)
    return mine.st_nlink > 0 ? Fate::moved : Fate::removed;
  return there.st_size < size_ ? Fate::cut : Fate::there;
}

void Place::remember_size() {
  struct stat mine {};
  if (fstat(descriptor_, &mine) != 0) return;
  size_ = std::max(size_, mine.st_size);
  written_ = mine.st_mtim;
}

bool Place::touched() const {
  struct stat mine {};
  return fstat(descriptor_, &mine) == 0 &&
         (mine.st_mtim.tv_sec != written_.tv_sec || mine.st_mtim.tv_nsec != written_.tv_nsec);
}

std::string Place::where() const {
  std::error_code ignored;
  return std::filesystem::read_symlink(fmt::format("/proc/self/fd/{}", descriptor_), ignored).string();
}

}  // namespace fieldscan::store
