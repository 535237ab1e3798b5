#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "fieldscan/core/error.hpp"
#include "read.hpp"

namespace fieldscan::data {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view forms =
    "a .csv or .csv.gz file (numbers separated by commas, the label last), a .npz file with x and y, a folder with "
    "x.npy and y.npy, or a folder with idx files";

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

EnvironmentError refuse(const std::string& path, const std::string& problem, const std::string& remedy) {
  return EnvironmentError(fmt::format("data.input.path '{}': {}; {}", path, problem, remedy));
}

[[noreturn]] void refuse_missing(const std::string& path, int error) {
  if (error != ENOENT && error != ENOTDIR) throw refuse(path, strerror(error), "check the path");
  if (fs::path(path).string().find("/~") != std::string::npos || path.starts_with('~'))
    throw refuse(path, "does not exist ('~' is a letter like others here)", "write the path in full");
  if (lower(path).find("fashion-mnist") != std::string::npos)
    throw refuse(path, "does not exist",
                 "apt install dataset-fashion-mnist puts it into /usr/share/datasets/fashion-mnist");
  throw refuse(path, "does not exist", "a path that does not begin with '/' starts at the folder of the scan file");
}

std::string_view kind_of(mode_t mode) {
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  return "no regular file";
}

// Files of a folder that could have been meant.
std::string candidates(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  int looked = 0;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end && looked < 1000;
       entry.increment(error), ++looked) {
    const std::string name = entry->path().filename().string(), small = lower(name);
    if (small.ends_with(".csv") || small.ends_with(".csv.gz") || small.ends_with(".npz")) names.push_back(shown(name));
  }
  std::ranges::sort(names);
  if (names.size() > 3) names.resize(3);
  return names.empty() ? "" : fmt::format(" (it has {}: name the file)", fmt::join(names, ", "));
}

Form folder_form(const std::string& path) {
  const bool x = is_there(fs::path(path) / "x.npy"), y = is_there(fs::path(path) / "y.npy");
  if (x && y) return Form::npy_folder;
  if (x || y)
    throw refuse(path, fmt::format("has {} and no {}", x ? "x.npy" : "y.npy", x ? "y.npy" : "x.npy"),
                 "points are in x.npy, labels in y.npy");
  if (!find_idx(path, "train-images").empty()) return Form::idx_folder;
  throw refuse(path, "has neither x.npy and y.npy nor train-images-idx3-ubyte (or with .gz)" + candidates(path),
               fmt::format("data are {}", forms));
}

Form file_form(const std::string& path) {
  const std::string name = lower(fs::path(path).filename().string());
  if (name.ends_with(".csv") || name.ends_with(".csv.gz")) return Form::csv;
  if (name.ends_with(".npz")) return Form::npz;
  const std::string folder = fs::path(path).parent_path().string();
  if (name.ends_with(".npy"))
    throw refuse(path, "is one array, and data are two",
                 is_there(fs::path(folder) / "x.npy") && is_there(fs::path(folder) / "y.npy")
                     ? fmt::format("name the folder: {}", folder)
                     : "write both with numpy.savez('data.npz', x=x, y=y)");
  if (name.find("ubyte") != std::string::npos || name.find("idx") != std::string::npos)
    throw refuse(path, "is one of the idx files", fmt::format("name their folder: {}", folder));
  throw refuse(path, "its ending does not say what it is", fmt::format("data are {}", forms));
}

}  // namespace

std::string find_idx(const std::string& folder, const std::string& part) {
  const std::string_view rank = part.ends_with("images") ? "idx3" : "idx1";
  for (const char joint : {'-', '.'})
    for (const char* ending : {"", ".gz"})
      if (const fs::path path = fs::path(folder) / fmt::format("{}{}{}-ubyte{}", part, joint, rank, ending);
          is_there(path))
        return path.string();
  return {};
}

Form form_of(const std::string& path) {
  if (path.empty() || path.find('\0') != std::string::npos)
    throw EnvironmentError("data.input.path is " + std::string(path.empty() ? "empty" : "no path") + "; data are " +
                           std::string(forms));
  struct stat about {};
  if (stat(path.c_str(), &about) != 0) refuse_missing(path, errno);
  if (S_ISDIR(about.st_mode)) return folder_form(path);
  if (S_ISREG(about.st_mode)) return file_form(path);
  throw refuse(path, fmt::format("is {}, and data are read several times, up to their end", kind_of(about.st_mode)),
               "write them into a file");
}

}  // namespace fieldscan::data
