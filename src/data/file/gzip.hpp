#pragma once
#include <zlib.h>

#include <array>
#include <cstdint>
#include <string>

namespace fieldscan::data {

/// The bytes of a regular file, unpacked where it is gzip: all members of it one after the other. What stands behind
/// the last member is refused unless it is zeros, which tapes and blocks leave: it may be a damaged member, and half of
/// the data would be lost without a word. Throws EnvironmentError, with the path.
class UnpackedFile {
 public:
  explicit UnpackedFile(std::string path);
  UnpackedFile(const UnpackedFile&) = delete;
  UnpackedFile& operator=(const UnpackedFile&) = delete;
  ~UnpackedFile();
  /// Fills `out` as far as there is anything; how much.
  std::size_t read(char* out, std::size_t count);

 private:
  bool refill();
  bool next_member();
  std::size_t read_plain(char* out, std::size_t count);
  std::size_t unpack(char* out, std::size_t count);
  void expect_only_zeros();
  [[noreturn]] void refuse(const std::string& why) const;

  std::string path_;
  int descriptor_ = -1;
  std::array<unsigned char, std::size_t{1} << 18> packed_{};
  z_stream stream_{};
  bool gzip_ = false, in_member_ = false, ended_ = false;
  std::uint64_t packed_bytes_ = 0, bytes_ = 0;  ///< read from the file, and given out
};

}  // namespace fieldscan::data
