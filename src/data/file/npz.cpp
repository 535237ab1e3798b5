#include <fmt/format.h>
#include <zip.h>

#include <array>
#include <memory>

#include "fieldscan/core/error.hpp"
#include "read.hpp"

namespace fieldscan::data {
namespace {

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* member) const { zip_fclose(member); }
};
using Archive = std::unique_ptr<zip_t, Discard>;
using Member = std::shared_ptr<zip_file_t>;

EnvironmentError no_npz(const std::string& path, const std::string& why) {
  return EnvironmentError(
      fmt::format("{}: can not be read as .npz ({}); write it with numpy.savez(name, x=x, y=y)", path, why));
}

Archive open_archive(const std::string& path) {
  open_source(path);  // refuses what is no regular file
  int code = 0;
  Archive archive(zip_open(path.c_str(), ZIP_RDONLY, &code));
  if (archive) return archive;
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  const std::string why = zip_error_strerror(&error);
  zip_error_fini(&error);
  throw no_npz(path, why);
}

zip_int64_t find(zip_t* archive, const std::string& name) {
  return zip_name_locate(archive, (name + ".npy").c_str(), ZIP_FL_NOCASE);
}

// The names of the arrays: the first few, for messages.
std::string members(zip_t* archive) {
  std::string text;
  const zip_int64_t count = zip_get_num_entries(archive, 0);
  for (zip_int64_t k = 0; k < std::min<zip_int64_t>(count, 8); ++k)
    if (const char* name = zip_get_name(archive, static_cast<zip_uint64_t>(k), 0))
      text += fmt::format("{}{}", text.empty() ? "" : ", ", shown(name));
  return text.empty() ? "nothing" : text;
}

std::string read_member(zip_t* archive, zip_int64_t index, const std::string& path, const std::string& shown) {
  zip_stat_t about;
  zip_stat_init(&about);
  const auto number = static_cast<zip_uint64_t>(index);
  if (zip_stat_index(archive, number, 0, &about) != 0) throw no_npz(path, zip_strerror(archive));
  if ((about.valid & ZIP_STAT_SIZE) && (about.valid & ZIP_STAT_COMP_SIZE) &&
      unpacks_to_too_much(static_cast<double>(about.comp_size), static_cast<double>(about.size)))
    throw no_npz(shown, "it unpacks to more than 200 times its size, which data hardly do");
  zip_file_t* opened = zip_fopen_index(archive, number, 0);
  if (!opened) throw no_npz(shown, zip_strerror(archive));
  const Member member(opened, Discard{});
  return read_npy(
      [&member, &shown](char* out, std::size_t count) {
        std::size_t done = 0;
        while (done < count) {
          const zip_int64_t got = zip_fread(member.get(), out + done, count - done);
          if (got < 0) throw no_npz(shown, zip_error_strerror(zip_file_get_error(member.get())));
          if (got == 0) break;
          done += static_cast<std::size_t>(got);
        }
        return done;
      },
      shown);
}

}  // namespace

void read_npz(const std::string& path, const std::function<void(const std::string& name, std::string bytes)>& read) {
  const Archive archive = open_archive(path);
  const auto has = [&](const char* name) { return find(archive.get(), name) >= 0; };
  const bool parts = !has("x") && has("x_train");
  const std::string x = parts ? "x_train" : "x", y = parts ? "y_train" : "y";
  if (!has(x.c_str()) || !has(y.c_str()))
    throw no_npz(path, "it needs arrays named x and y, or x_train and y_train, and holds " + members(archive.get()));
  const auto pass = [&](const std::string& name, const std::string& as) {
    read(as, read_member(archive.get(), find(archive.get(), name), path, fmt::format("{} ({}.npy)", path, name)));
  };
  pass(x, "x");
  pass(y, "y");
  if (has("x_test") != has("y_test")) throw no_npz(path, "it has only one of x_test and y_test");
  if (!has("x_test")) return;
  pass("x_test", "x_test");
  pass("y_test", "y_test");
}

}  // namespace fieldscan::data
