#include <zlib.h>

#include <memory>

#include "fieldscan/core/error.hpp"
#include "read.hpp"

namespace fieldscan::data {
namespace {

struct Close {
  void operator()(gzFile_s* file) const { gzclose(file); }
};
using GzFile = std::unique_ptr<gzFile_s, Close>;

// gzread passes files that are not compressed through unchanged.
GzFile open_file(const std::string& path) {
  GzFile file(gzopen(path.c_str(), "rb"));
  if (!file) throw EnvironmentError(path + ": can not be opened (missing, or no permission); check `data.input.path`");
  gzbuffer(file.get(), 1 << 18);
  return file;
}

std::size_t read_some(gzFile_s* file, const std::string& path, char* out, std::size_t count) {
  const int got = gzread(file, out, static_cast<unsigned>(count));
  int code = Z_OK;
  const char* message = gzerror(file, &code);
  if (got < 0 || (code != Z_OK && code != Z_STREAM_END))
    throw EnvironmentError(path + ": can not be read (" + (message && *message ? message : "truncated or damaged") +
                           "); fetch the file again");
  return static_cast<std::size_t>(got);
}

}  // namespace

std::string read_head(const std::string& path, std::size_t count) {
  const GzFile file = open_file(path);
  std::string bytes(count, '\0');
  bytes.resize(read_some(file.get(), path, bytes.data(), count));
  return bytes;
}

std::string read_bytes(const std::string& path) {
  const GzFile file = open_file(path);
  constexpr std::size_t block = std::size_t{1} << 22;
  std::string bytes;
  for (std::size_t size = 0;;) {
    bytes.resize(size + block);
    const std::size_t got = read_some(file.get(), path, bytes.data() + size, block);
    size += got;
    if (got < block) {
      bytes.resize(size);
      return bytes;
    }
  }
}

}  // namespace fieldscan::data
