#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/core/printable.hpp"
#include "gzip.hpp"
#include "read.hpp"

namespace fieldscan::data {
namespace {

constexpr std::size_t block = std::size_t{1} << 22;
constexpr std::size_t longest_line = std::size_t{1} << 26;

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
  return [file = std::make_shared<UnpackedFile>(path)](char* out, std::size_t count) {
    std::size_t done = 0;
    while (done < count) {
      const std::size_t got = file->read(out + done, std::min(count - done, block));
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
