#pragma once
#include <unistd.h>
#include <zip.h>
#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

/// Small data files that a test writes for itself.
namespace test {

/// A new empty folder, removed at the end.
class Folder {
 public:
  explicit Folder(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / ("fieldscan-" + name + "-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path() const { return path_.string(); }
  std::string write(const std::string& name, const std::string& bytes) const {
    remove(name);  // a file that is emptied and written again waits for the disk
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return (path_ / name).string();
  }
  std::string write_gz(const std::string& name, const std::string& bytes) const {
    gzFile file = gzopen((path_ / name).c_str(), "wb");
    gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(file);
    return (path_ / name).string();
  }
  void remove(const std::string& name) const { std::filesystem::remove(path_ / name); }

 private:
  std::filesystem::path path_;
};

inline std::string idx(const std::vector<std::uint32_t>& sizes, const std::vector<std::uint8_t>& data) {
  std::string bytes{'\0', '\0', '\x08', static_cast<char>(sizes.size())};
  for (const std::uint32_t size : sizes)
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(size >> shift & 0xff);
  for (const std::uint8_t value : data) bytes += static_cast<char>(value);
  return bytes;
}

/// A NPY file of version 1 with a header as numpy writes it.
template <class T>
std::string npy(const std::string& type, const std::string& shape, const std::vector<T>& data,
                const std::string& order = "False") {
  std::string header = "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': (" + shape + "), }";
  while ((10 + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  std::string bytes = "\x93NUMPY";
  bytes += '\x01';
  bytes += '\0';
  bytes += static_cast<char>(header.size() & 0xff);
  bytes += static_cast<char>(header.size() >> 8);
  bytes += header;
  const std::size_t start = bytes.size();
  bytes.resize(start + data.size() * sizeof(T));
  std::memcpy(bytes.data() + start, data.data(), data.size() * sizeof(T));
  return bytes;
}

/// A .npz file of (name, bytes), packed as numpy.savez_compressed does, or not.
enum class Packing { stored, deflated };
inline std::string write_npz(const Folder& folder, const std::string& name,
                             const std::vector<std::pair<std::string, std::string>>& members, Packing packing) {
  const std::string path = folder.path() + "/" + name;
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  for (const auto& [member, bytes] : members) {
    zip_source_t* source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
    const zip_int64_t index = zip_file_add(archive, member.c_str(), source, 0);
    zip_set_file_compression(archive, static_cast<zip_uint64_t>(index),
                             packing == Packing::stored ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 0);
  }
  zip_close(archive);
  return path;
}

/// Training files of `train` images and held-out files of `test` images, 2 × 3 pixels; image k has label k mod 3 and
/// pixel p is (7k + 11p + 1) mod 256, in the test files (5k + 3p + 2) mod 256.
inline void write_images(const Folder& folder, std::uint32_t train, std::uint32_t test) {
  const auto part = [&](const std::string& name, std::uint32_t count, unsigned a, unsigned b, unsigned c) {
    std::vector<std::uint8_t> pixels, labels;
    for (unsigned k = 0; k < count; ++k) {
      labels.push_back(static_cast<std::uint8_t>(k % 3));
      for (unsigned p = 0; p < 6; ++p) pixels.push_back(static_cast<std::uint8_t>((a * k + b * p + c) % 256));
    }
    folder.write_gz(name + "-images-idx3-ubyte.gz", idx({count, 2, 3}, pixels));
    folder.write(name + "-labels-idx1-ubyte", idx({count}, labels));
  };
  part("train", train, 7, 11, 1);
  part("t10k", test, 5, 3, 2);
}

/// Says which of the words a text lacks; empty where it has them all.
inline std::string missing(const std::string& text, const std::vector<std::string>& words) {
  for (const std::string& word : words)
    if (text.find(word) == std::string::npos) return "no '" + word + "' in: " + text;
  return {};
}

/// The text of the EnvironmentError (or other exception) that a call throws; empty for none.
template <class Call>
std::string error_of(Call&& call) {
  try {
    call();
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

}  // namespace test
