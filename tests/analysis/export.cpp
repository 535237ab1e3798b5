#include <netcdf.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <string>

#include "../../src/analysis/export/csv.hpp"
#include "../../src/analysis/export/json_values.hpp"
#include "../../src/analysis/export/netcdf.hpp"
#include "catch.hpp"
#include "synthetic.hpp"
#include "temporary.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace {

/// A file that is read back with the library alone.
struct Read {
  int id = -1;
  explicit Read(const std::filesystem::path& path) { REQUIRE(nc_open(path.c_str(), NC_NOWRITE, &id) == NC_NOERR); }
  ~Read() { nc_close(id); }

  int variable(const char* name) const {
    int v = -1;
    INFO(name);
    REQUIRE(nc_inq_varid(id, name, &v) == NC_NOERR);
    return v;
  }
  std::size_t length(const char* name) const {
    int d = -1;
    std::size_t size = 0;
    INFO(name);
    REQUIRE(nc_inq_dimid(id, name, &d) == NC_NOERR);
    REQUIRE(nc_inq_dimlen(id, d, &size) == NC_NOERR);
    return size;
  }
  int dimensions(const char* name) const {
    int count = 0;
    REQUIRE(nc_inq_varndims(id, variable(name), &count) == NC_NOERR);
    return count;
  }
  double at(const char* name, const std::vector<std::size_t>& place) const {
    double value = 0;
    REQUIRE(nc_get_var1_double(id, variable(name), place.data(), &value) == NC_NOERR);
    return value;
  }
};

double mean_of(const Series& series) {
  double sum = 0;
  for (const Member& m : series.members) sum += m.rows.at(0).value / static_cast<double>(series.members.size());
  return sum;
}

std::filesystem::path file() { return fieldscan::test::temporary("export.nc"); }

}  // namespace

TEST_CASE("every observable is one array over named dimensions, with its standard error and unit") {
  Table table = syn::make_table({});
  syn::add_errors(table, 3, {.draws = 0.2, .rest = 0.05});
  write_netcdf(table, {"block 1"}, {{"title", "synthetic"}}, file());
  const Read read(file());
  CHECK(read.length("width") == 5);
  CHECK(read.at("width", {4}) == 1024);
  CHECK(read.dimensions("error_test") == 1);
  for (std::size_t k = 0; k < 5; ++k) {
    CHECK(read.at("error_test", {k}) == Approx(mean_of(table.points[k].measured)).epsilon(1e-12));
    CHECK(read.at("nngp_error_test", {k}) == Approx(mean_of(*table.points[k].theories.at("nngp"))).epsilon(1e-12));
    CHECK(read.at("error_test_standard_error", {k}) > 0);
  }
  std::array<char, 8> unit{};
  REQUIRE(nc_get_att_text(read.id, read.variable("error_test"), "units", unit.data()) == NC_NOERR);
  CHECK(std::string(unit.data()) == "1");
}

TEST_CASE("points of two blocks at the same place do not overwrite each other") {
  Table table = syn::make_table({.widths = {64, 128}});
  Table second = syn::make_table({.widths = {128}});
  syn::add_errors(table, 3, {.draws = 0.2, .rest = 0.05});
  syn::add_errors(second, 4, {.draws = 0.2, .rest = 0.05});
  second.points[0].point.block = 1;
  table.points.push_back(second.points[0]);
  write_netcdf(table, {"first", "second"}, {{"title", "synthetic"}}, file());
  const Read read(file());
  REQUIRE(read.length("block") == 2);
  REQUIRE(read.dimensions("error_test") == 2);
  CHECK(read.at("error_test", {1, 0}) == Approx(mean_of(table.points[1].measured)));
  CHECK(read.at("error_test", {1, 1}) == Approx(mean_of(table.points[2].measured)));
  CHECK(std::isnan(read.at("error_test", {0, 1})));  // the second block has no such width
}

TEST_CASE("records are numbered at every point, with their times, and the last one has a name") {
  Table table = syn::make_table({.widths = {64, 128}, .draws = 2, .initialisations = 2, .sampler = false});
  for (std::size_t p = 0; p < 2; ++p) {
    TablePoint& point = table.points[p];
    const double unit = p == 0 ? 1 : 10;  // two learning rates have no time in common
    for (Member& m : point.measured.members)
      for (const double time : {1.0, 2.0})
        m.rows.push_back(
            {.observable = Observable::error_test, .time = unit * time, .value = 10 * time + double(m.draw)});
    for (Member& m : syn::add_theory(point, "flow", 24).members)
      for (const double time : {2.0, 4.0})
        m.rows.push_back({.observable = Observable::error_test, .time = unit * time, .value = time});
  }
  write_netcdf(table, {"block 1"}, {{"title", "synthetic"}, {"seed", "7"}}, file());
  const Read read(file());
  REQUIRE(read.length("step") == 3);  // not the five times of both
  for (std::size_t p = 0; p < 2; ++p) {
    const double unit = p == 0 ? 1 : 10;
    CHECK(read.at("time", {p, 2}) == 4 * unit);
    CHECK(read.at("error_test", {p, 1}) == Approx(20.5));
    CHECK(read.at("error_test_end", {p}) == Approx(20.5));
    CHECK(read.at("flow_error_test", {p, 1}) == Approx(2));
    CHECK(read.at("flow_error_test_end", {p}) == Approx(4));
    CHECK(std::isnan(read.at("error_test", {p, 2})));
    CHECK(std::isnan(read.at("flow_error_test", {p, 0})));
    CHECK(read.at("error_test_replica", {p, 0, 1, 0}) == 11);  // second draw, first initialisation
    CHECK(read.at("flow_error_test_replica", {p, 2, 1}) == 4);
  }
  CHECK(read.length("data_draw") == 2);  // of the theory's 24 those that networks were trained on
  std::array<char, 20> named{};
  REQUIRE(nc_get_att_text(read.id, read.variable("error_test"), "coordinates", named.data()) == NC_NOERR);
  CHECK(std::string(named.data()).starts_with("time steps epochs"));
  REQUIRE(nc_get_att_text(read.id, NC_GLOBAL, "seed", named.data()) == NC_NOERR);
  CHECK(named[0] == '7');
}

TEST_CASE("arrays that are stored at several times lie along the records") {
  Table table = syn::make_table({.widths = {64}, .draws = 1, .initialisations = 1, .sampler = false});
  for (const double time : {0.0, 3.0})
    table.points[0].measured.members[0].arrays.push_back(
        {.observable = Observable::predictor, .time = time, .shape = {2}, .data = {time, time + 1}});
  write_netcdf(table, {"block 1"}, {{"title", "synthetic"}}, file());
  const Read read(file());
  REQUIRE(read.length("step") == 2);
  for (std::size_t k = 0; k < 2; ++k)
    for (std::size_t x = 0; x < 2; ++x)
      CHECK(read.at("predictor", {0, k, 0, x}) == 3.0 * static_cast<double>(k) + static_cast<double>(x));
}

TEST_CASE("quantities of the ensemble have a table with their errors") {
  Table table =
      syn::make_table({.widths = {64}, .draws = 12, .initialisations = 4, .test_points = 5, .sampler = false});
  table.points[0].point.spec.data.test_set = data::TestSet::shared;
  syn::add_predictors(table, 5, 5, 8, -1, 0.05);
  for (Member& m : table.points[0].measured.members)  // a record before the one at which predictors are stored
    m.rows.push_back({.observable = Observable::error_train, .time = 0.5, .value = 1});
  sort_series(table.points[0].measured);
  const std::string text = ensembles_csv(table);
  const std::string_view formed = ",measured,error_mean_predictor,";
  CHECK(text.find(formed) == text.rfind(formed));
  CHECK(text.starts_with("point,network.width,source,quantity,time,"));
  for (const char* quantity : {",measured,deviation_nngp,", ",measured,error_mean_predictor,"})
    CHECK(text.find(quantity) != std::string::npos);
}

TEST_CASE("predictors are arrays over draws and test points, averaged over initialisations") {
  Table table = syn::make_table({.widths = {64, 128}, .draws = 3, .initialisations = 2, .test_points = 5});
  syn::add_predictors(table, 5, 5, 8, -1, 0.05);
  write_netcdf(table, {"block 1"}, {{"title", "synthetic"}}, file());
  const Read read(file());
  CHECK(read.length("data_draw") == 3);
  CHECK(read.length("test_point") == 5);
  REQUIRE(read.dimensions("predictor") == 3);
  REQUIRE(read.dimensions("predictor_replica") == 4);
  for (std::size_t draw = 0; draw < 3; ++draw)
    for (std::size_t x = 0; x < 5; ++x) {
      const auto& members = table.points[1].measured.members;
      const double mean = 0.5 * (members[2 * draw].arrays[0].data[x] + members[2 * draw + 1].arrays[0].data[x]);
      CHECK(read.at("predictor", {1, draw, x}) == Approx(mean).epsilon(1e-12));
      CHECK(read.at("nngp_predictor", {1, draw, x}) ==
            Approx(table.points[1].theories.at("nngp")->members[draw].arrays[0].data[x]).epsilon(1e-12));
      for (std::size_t i = 0; i < 2; ++i)
        CHECK(read.at("predictor_replica", {1, draw, i, x}) == members[2 * draw + i].arrays[0].data[x]);
    }
}

TEST_CASE("order parameters: overlaps with the directions in the first columns, whatever the width") {
  Table table = syn::make_table({.widths = {2, 3}, .draws = 1, .initialisations = 2, .sampler = false});
  for (std::size_t p = 0; p < 2; ++p) {
    const std::int64_t units = p == 0 ? 2 : 3;
    for (Member& m : table.points[p].measured.members) {
      Array array{.observable = Observable::order_parameters, .time = 7, .shape = {units, 2 + units}, .data = {}};
      for (std::int64_t k = 0; k < units * (2 + units); ++k)
        array.data.push_back(static_cast<double>(100 * k + 10 * m.initialisation));
      m.arrays.push_back(array);
    }
  }
  write_netcdf(table, {"block 1"}, {{"title", "synthetic"}}, file());
  const Read read(file());
  CHECK(read.length("matched_unit") == 3);
  CHECK(read.length("direction_or_unit") == 5);
  for (std::size_t unit = 0; unit < 2; ++unit)
    for (std::size_t n = 0; n < 2; ++n) {
      CHECK(read.at("order_parameters", {0, 0, unit, n}) == static_cast<double>(100 * (4 * unit + n) + 5));
      CHECK(read.at("order_parameters", {1, 0, unit, n}) == static_cast<double>(100 * (5 * unit + n) + 5));
    }
  CHECK(std::isnan(read.at("order_parameters", {0, 0, 2, 0})));
  CHECK(std::isnan(read.at("order_parameters", {0, 0, 0, 4})));
}

TEST_CASE("where kernels are stored, their variance over initialisations is exported") {
  Table table = syn::make_table({.widths = {64}, .draws = 2, .initialisations = 2, .sampler = false});
  for (Member& m : table.points[0].measured.members)
    m.arrays.push_back({.observable = Observable::ntk_empirical,
                        .time = 7,
                        .shape = {1, 1},
                        .data = {m.initialisation == 0 ? 3.0 : 5.0}});
  write_netcdf(table, {"block 1"}, {{"title", "synthetic"}}, file());
  // Mean 4, variance 2, square of the mean 16 − 2/2.
  CHECK(Read(file()).at("ntk_variance", {0}) == Approx(2.0 / 15));
}

TEST_CASE("a text that is too long for an attribute is a variable") {
  const Table table = syn::make_table({.widths = {64}, .draws = 2, .initialisations = 2, .sampler = false});
  const std::string text(100000, 'x');
  write_netcdf(table, {"block 1"}, {{"scan", "short"}, {"verdicts", text}}, file());
  const Read read(file());
  char* found = nullptr;
  REQUIRE(nc_get_var_string(read.id, read.variable("verdicts_text"), &found) == NC_NOERR);
  CHECK(text == found);
  nc_free_string(1, &found);
  int none = -1;
  CHECK(nc_inq_varid(read.id, "scan_text", &none) != NC_NOERR);
}
