#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/core/printable.hpp"
#include "read.hpp"

namespace fieldscan::data {
namespace {

constexpr std::size_t block = std::size_t{1} << 22;
constexpr std::size_t longest_line = std::size_t{1} << 26;

struct Close {
  void operator()(gzFile_s* file) const { gzclose(file); }
};
using GzFile = std::shared_ptr<gzFile_s>;

// Nobody waits at a pipe: it is opened without waiting, and refused.
GzFile open_file(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0)
    throw EnvironmentError(fmt::format("{}: can not be opened ({}); check `data.input.path`", path, strerror(errno)));
  struct stat about {};
  if (fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode)) {
    ::close(descriptor);
    throw EnvironmentError(
        path +
        ": is no regular file, which data must be: they are read several times, up to their end; write them into "
        "a file");
  }
  gzFile file = gzdopen(descriptor, "rb");
  if (!file) {
    ::close(descriptor);
    throw std::bad_alloc();
  }
  gzbuffer(file, 1 << 18);
  return GzFile(file, Close{});
}

std::size_t read_some(gzFile_s* file, const std::string& path, char* out, std::size_t count) {
  const int got = gzread(file, out, static_cast<unsigned>(count));
  int code = Z_OK;
  const char* message = gzerror(file, &code);
  if (got < 0 || (code != Z_OK && code != Z_STREAM_END))
    throw EnvironmentError(fmt::format("{}: can not be read ({}); fetch or write the file again", path,
                                       message && *message ? message : "truncated or damaged"));
  if (!gzdirect(file) && unpacks_to_too_much(static_cast<double>(gzoffset(file)), static_cast<double>(gztell(file))))
    throw EnvironmentError(
        path +
        ": unpacks to more than 200 times its size, which data hardly do; if it is meant, unpack it with gunzip");
  return static_cast<std::size_t>(got);
}

}  // namespace

std::string shown(std::string_view text) {
  std::string line(text.substr(0, 1000));
  std::ranges::replace_if(
      line, [](char c) { return c == '\n' || c == '\t' || c == '\r'; }, ' ');
  return shortened(printable(line), 60);
}

bool unpacks_to_too_much(double packed_bytes, double bytes) {
  constexpr double always_allowed = 64e6, factor = 200;
  return bytes > always_allowed && bytes > factor * packed_bytes;
}

Source open_source(const std::string& path) {
  return [file = open_file(path), path](char* out, std::size_t count) {
    std::size_t done = 0;
    while (done < count) {
      const std::size_t got = read_some(file.get(), path, out + done, std::min(count - done, block));
      if (got == 0) break;
      done += got;
    }
    return done;
  };
}

std::string read_up_to(const Source& source, std::size_t count, const std::string& path) {
  require_memory(static_cast<double>(count), path + ": what it announces");
  std::string bytes;
  while (bytes.size() < count) {
    const std::size_t size = bytes.size(), wanted = std::min(block, count - size);
    bytes.resize(size + wanted);
    const std::size_t got = source(bytes.data() + size, wanted);
    bytes.resize(size + got);
    if (got < wanted) break;
  }
  return bytes;
}

std::string read_text(const Source& source, const std::string& path) {
  std::string text;
  for (std::size_t line = 0;;) {
    const std::size_t size = text.size();
    text.resize(size + block);
    const std::size_t got = source(text.data() + size, block);
    text.resize(size + got);
    if (got == 0) return text;
    if (const std::size_t zero = text.find('\0', size); zero != std::string::npos)
      throw EnvironmentError(
          fmt::format("{}: is no table of text (byte {} is zero); arrays belong into a .npz file", path, zero));
    if (const std::size_t end = text.rfind('\n'); end != std::string::npos && end >= size) line = end + 1;
    if (text.size() - line > longest_line)
      throw EnvironmentError(path + ": has a line of more than 64 MB, which is no row of a table");
    // The numbers take up to four times the room of their text ("0,0").
    require_memory(4.0 * static_cast<double>(text.size()), path + ": its table");
  }
}

}  // namespace fieldscan::data
