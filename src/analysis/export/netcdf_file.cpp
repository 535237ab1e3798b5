#include "netcdf_file.hpp"

#include <fmt/format.h>
#include <netcdf.h>
#include <netcdf_mem.h>

#include <cstdlib>
#include <limits>
#include <memory>
#include <numeric>
#include <utility>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/output.hpp"

namespace fieldscan::analysis {
namespace {

void require(int status, const std::string& what) {
  if (status != NC_NOERR) throw EnvironmentError(fmt::format("NetCDF: {}: {}", what, nc_strerror(status)));
}

constexpr std::size_t first_bytes = 1U << 20U;    ///< it grows
constexpr std::size_t longest_attribute = 60000;  ///< HDF5 takes less than 64 kB for one

void put_text(int file, int variable, const std::string& name, const std::string& value) {
  require(nc_put_att_text(file, variable, name.c_str(), value.size(), value.c_str()), name);
}

/// Defines a variable with its attributes; cells that no point has cost nothing.
int compressed(int file, const std::string& name, int type, const std::vector<int>& dimensions,
               const Attributes& attributes) {
  constexpr int shuffle = 1, deflate = 1, level = 4;
  int id = -1;
  require(nc_def_var(file, name.c_str(), type, static_cast<int>(dimensions.size()), dimensions.data(), &id), name);
  if (!dimensions.empty()) require(nc_def_var_deflate(file, id, shuffle, deflate, level), name);
  for (const auto& [key, text] : attributes) put_text(file, id, key, text);
  return id;
}

}  // namespace

NetcdfFile::NetcdfFile() {
  require(nc_create_mem("values.nc", NC_NETCDF4 | NC_CLOBBER, first_bytes, &id_), "a file in memory");
}

NetcdfFile::~NetcdfFile() {
  if (id_ >= 0) nc_abort(id_);
}

void NetcdfFile::write(const std::filesystem::path& path) {
  NC_memio content{};
  require(nc_close_memio(std::exchange(id_, -1), &content), path.string());
  const std::unique_ptr<void, void (*)(void*)> memory(content.memory, std::free);
  write_file(path, std::string_view(static_cast<const char*>(content.memory), content.size));
}

void NetcdfFile::attribute(const std::string& name, const std::string& value) const {
  if (value.size() <= longest_attribute) {
    put_text(id_, NC_GLOBAL, name, value);
    return;
  }
  const std::string variable = name + "_text";
  int id = -1;
  require(nc_def_var(id_, variable.c_str(), NC_STRING, 0, nullptr, &id), variable);
  put_text(id_, id, "long_name", fmt::format("the text of the attribute `{}`, which is too long for one", name));
  const char* const text = value.c_str();
  require(nc_put_var_string(id_, id, const_cast<const char**>(&text)), variable);
  put_text(id_, NC_GLOBAL, name, fmt::format("in the variable {}", variable));
}

int NetcdfFile::define(const Dimension& d) const {
  int id = -1, variable = -1;
  require(nc_def_dim(id_, d.name.c_str(), d.size(), &id), d.name);
  const int type = d.labels.empty() ? NC_DOUBLE : NC_STRING;
  require(nc_def_var(id_, d.name.c_str(), type, 1, &id, &variable), d.name);
  put_text(id_, variable, "long_name", d.long_name);
  if (d.labels.empty()) {
    put_text(id_, variable, "units", "1");
    if (!d.values.empty()) require(nc_put_var_double(id_, variable, d.values.data()), d.name);
    return id;
  }
  std::vector<const char*> texts;
  for (const std::string& label : d.labels) texts.push_back(label.c_str());
  require(nc_put_var_string(id_, variable, texts.data()), d.name);
  return id;
}

void NetcdfFile::counts(const std::string& name, const std::vector<int>& dimensions, const std::vector<int>& values,
                        const Attributes& attributes) const {
  const int id = compressed(id_, name, NC_INT, dimensions, attributes);
  require(nc_put_var_int(id_, id, values.data()), name);
}

void NetcdfFile::flags(const std::string& name, const std::vector<int>& dimensions,
                       const std::vector<std::uint8_t>& values, std::span<const std::string_view> words,
                       const Attributes& attributes) const {
  const int id = compressed(id_, name, NC_UBYTE, dimensions, attributes);
  require(nc_def_var_fill(id_, id, NC_FILL, &no_flag), name);
  std::vector<std::uint8_t> meant(words.size());
  std::iota(meant.begin(), meant.end(), std::uint8_t{0});
  put_text(id_, id, "flag_meanings", fmt::format("{}", fmt::join(words, " ")));
  require(nc_put_att_ubyte(id_, id, "flag_values", NC_UBYTE, meant.size(), meant.data()), name);
  require(nc_put_var_ubyte(id_, id, values.data()), name);
}

void NetcdfFile::flags(const std::string& name, const std::vector<int>& dimensions,
                       const std::vector<std::uint16_t>& bits, std::span<const std::string_view> words,
                       const Attributes& attributes) const {
  const int id = compressed(id_, name, NC_USHORT, dimensions, attributes);
  std::vector<std::uint16_t> meant;
  for (std::size_t k = 0; k < words.size(); ++k) meant.push_back(static_cast<std::uint16_t>(1U << k));
  put_text(id_, id, "flag_meanings", fmt::format("{}", fmt::join(words, " ")));
  require(nc_put_att_ushort(id_, id, "flag_masks", NC_USHORT, meant.size(), meant.data()), name);
  require(nc_put_var_ushort(id_, id, bits.data()), name);
}

void NetcdfFile::variable(const std::string& name, const std::vector<int>& dimensions,
                          const std::vector<double>& values, const Attributes& attributes) const {
  constexpr double fill = std::numeric_limits<double>::quiet_NaN();
  const int id = compressed(id_, name, NC_DOUBLE, dimensions, attributes);
  require(nc_def_var_fill(id_, id, NC_FILL, &fill), name);
  require(nc_put_var_double(id_, id, values.data()), name);
}

}  // namespace fieldscan::analysis
