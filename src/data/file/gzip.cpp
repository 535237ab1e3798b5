#include "gzip.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

#include "fieldscan/core/error.hpp"
#include "read.hpp"

namespace fieldscan::data {

namespace {

constexpr std::array<unsigned char, 2> magic{0x1f, 0x8b};

// Nobody waits at a pipe: it is opened without waiting, and refused.
int open_regular(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0)
    throw EnvironmentError(fmt::format("{}: can not be opened ({}); check `data.input.path`", path, strerror(errno)));
  struct stat about {};
  if (fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode)) return descriptor;
  ::close(descriptor);
  throw EnvironmentError(
      path +
      ": is no regular file, which data must be: they are read several times, up to their end; write them into a file");
}

}  // namespace

UnpackedFile::UnpackedFile(std::string path) : path_(std::move(path)), descriptor_(open_regular(path_)) {
  constexpr int gzip_alone = 15 + 16;  // the largest window, and gzip's header and trailer
  if (inflateInit2(&stream_, gzip_alone) != Z_OK) {
    ::close(descriptor_);
    throw std::bad_alloc();
  }
}

UnpackedFile::~UnpackedFile() {
  inflateEnd(&stream_);
  ::close(descriptor_);
}

void UnpackedFile::refuse(const std::string& why) const {
  throw EnvironmentError(fmt::format("{}: can not be read ({}); fetch or write the file again", path_, why));
}

/// Reads on behind what is not used yet; false at the end of the file.
bool UnpackedFile::refill() {
  std::memmove(packed_.data(), stream_.next_in, stream_.avail_in);
  stream_.next_in = packed_.data();
  const std::size_t room = packed_.size() - stream_.avail_in;
  ssize_t got = 0;
  while ((got = ::read(descriptor_, packed_.data() + stream_.avail_in, room)) < 0 && errno == EINTR) {
  }
  if (got < 0) refuse(strerror(errno));
  stream_.avail_in += static_cast<unsigned>(got);
  packed_bytes_ += static_cast<std::uint64_t>(got);
  return got > 0;
}

/// Whether what comes next begins as a member does.
bool UnpackedFile::next_member() {
  while (stream_.avail_in < magic.size() && refill()) {
  }
  return stream_.avail_in >= magic.size() && std::equal(magic.begin(), magic.end(), stream_.next_in);
}

void UnpackedFile::expect_only_zeros() {
  do {
    if (std::any_of(stream_.next_in, stream_.next_in + stream_.avail_in, [](unsigned char byte) { return byte != 0; }))
      refuse(fmt::format("what stands behind its byte {} is no gzip: damaged, or something was appended",
                         packed_bytes_ - stream_.avail_in));
    stream_.avail_in = 0;
  } while (refill());
  ended_ = true;
}

std::size_t UnpackedFile::read_plain(char* out, std::size_t count) {
  if (stream_.avail_in == 0 && !refill()) return 0;
  const std::size_t taken = std::min<std::size_t>(count, stream_.avail_in);
  std::memcpy(out, stream_.next_in, taken);
  stream_.next_in += taken;
  stream_.avail_in -= static_cast<unsigned>(taken);
  return taken;
}

/// Some of the present member, or of the next; 0 at the end of the last.
std::size_t UnpackedFile::unpack(char* out, std::size_t count) {
  while (!ended_) {
    if (!in_member_) {
      if (!next_member()) {
        expect_only_zeros();
        break;
      }
      inflateReset(&stream_);
      in_member_ = true;
    }
    if (stream_.avail_in == 0 && !refill()) refuse("unexpected end of file: truncated");
    stream_.next_out = reinterpret_cast<unsigned char*>(out);
    stream_.avail_out = static_cast<unsigned>(std::min<std::size_t>(count, std::size_t{1} << 30));
    const unsigned room = stream_.avail_out;
    const int code = inflate(&stream_, Z_NO_FLUSH);
    if (code == Z_MEM_ERROR) throw std::bad_alloc();
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
      refuse(stream_.msg ? stream_.msg : "truncated or damaged");
    in_member_ = code != Z_STREAM_END;
    if (const std::size_t made = room - stream_.avail_out; made > 0) return made;
  }
  return 0;
}

std::size_t UnpackedFile::read(char* out, std::size_t count) {
  if (packed_bytes_ == 0) {
    stream_.next_in = packed_.data();
    gzip_ = next_member();
  }
  const std::size_t got = gzip_ ? unpack(out, count) : read_plain(out, count);
  bytes_ += got;
  if (gzip_ && unpacks_to_too_much(static_cast<double>(packed_bytes_), static_cast<double>(bytes_)))
    throw EnvironmentError(
        path_ +
        ": unpacks to more than 200 times its size, which data hardly do; if it is meant, unpack it with gunzip");
  return got;
}

}  // namespace fieldscan::data
