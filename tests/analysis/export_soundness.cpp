#include <netcdf.h>

#include <cmath>
#include <filesystem>
#include <string>

#include "../../src/analysis/export/csv.hpp"
#include "../../src/analysis/export/json_values.hpp"
#include "../../src/analysis/export/netcdf.hpp"
#include "catch.hpp"
#include "fieldscan/analysis/verdict/render.hpp"
#include "synthetic.hpp"
#include "temporary.hpp"

/// What the exports say of replicas that diverged, chains that did not equilibrate, theories beyond their range.
namespace fieldscan::analysis {
namespace export_soundness {
namespace {

namespace syn = fieldscan::analysis::synthetic;

/// Width 64: one of four networks survived, the others have a row at t = 0 alone. Width 128: all diverged. A theory
/// that is beyond its range at the first, and does not apply at the second.
Table losses() {
  Table table = syn::make_table({.widths = {64, 128}, .draws = 2, .initialisations = 2, .sampler = false});
  for (std::size_t p = 0; p < 2; ++p) {
    TablePoint& point = table.points[p];
    point.point.theories = {};
    for (Member& m : point.measured.members) {
      const bool survives = p == 0 && m.draw == 1 && m.initialisation == 1;
      m.rows.push_back({.observable = Observable::error_test, .time = 0, .value = 1.5});
      if (survives) m.rows.push_back({.observable = Observable::error_test, .time = 4, .value = 0.5});
      if (!survives) m.outcome = Outcome::diverged, m.reason = "the loss is 3e+05, \"too large\"";
    }
    for (Member& m : syn::add_theory(point, "flow", 2).members) {
      if (p == 0)
        m.rows.push_back(
            {.observable = Observable::error_test, .time = 4, .value = 0.4, .flag = Flag::outside_validity});
      if (p == 1) m.outcome = Outcome::not_applicable, m.reason = "it is about linear units";
    }
  }
  return table;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}
bool has(const std::string& text, const std::string& part) { return count(text, part) > 0; }

struct Nc {
  int id = -1;
  explicit Nc(const Table& table) {
    const std::filesystem::path path = fieldscan::test::temporary("soundness.nc");
    write_netcdf(table, {"block 1"}, {{"title", "synthetic"}}, path);
    REQUIRE(nc_open(path.c_str(), NC_NOWRITE, &id) == NC_NOERR);
  }
  Nc(const Nc&) = delete;
  ~Nc() { nc_close(id); }
  int variable(const std::string& name) const {
    int v = -1;
    INFO(name);
    REQUIRE(nc_inq_varid(id, name.c_str(), &v) == NC_NOERR);
    return v;
  }
  double at(const std::string& name, const std::vector<std::size_t>& place) const {
    double value = 0;
    INFO(name);
    REQUIRE(nc_get_var1_double(id, variable(name), place.data(), &value) == NC_NOERR);
    return value;
  }
  std::string text(const std::string& name, const char* attribute) const {
    std::size_t size = 0;
    REQUIRE(nc_inq_attlen(id, variable(name), attribute, &size) == NC_NOERR);
    std::string text(size, ' ');
    REQUIRE(nc_get_att_text(id, variable(name), attribute, text.data()) == NC_NOERR);
    return text;
  }
};

constexpr double diverged_bit = 8, outside_bit = 4, not_applicable_bit = 64, not_equilibrated_bit = 2;

}  // namespace
TEST_CASE("values.csv marks what a replica had before it diverged; NetCDF has the same numbers, and says so too") {
  const Table table = losses();
  const std::string csv = values_csv(table);
  CHECK(has(csv, ",flag,outcome\n"));
  CHECK(count(csv, ",error_test,0,0,1.5,0,1,,diverged\n") == 7);
  CHECK(count(csv, ",error_test,4,0,0.5,0,1,,done\n") == 1);
  CHECK(has(csv, ",flow,0,0,error_test,4,0,0.4,0,1,outside_validity,done\n"));
  const Nc nc(table);
  CHECK(nc.at("error_test_replica", {0, 0, 0, 0}) == 1.5);
  CHECK(nc.at("outcome_replica", {0, 0, 0}) == 1);
  CHECK(nc.at("outcome_replica", {0, 1, 1}) == 0);
  CHECK(nc.at("outcome_replica", {1, 1, 1}) == 1);
  CHECK(nc.at("flow_outcome_replica", {1, 0}) == 5);
  CHECK(nc.text("outcome_replica", "flag_meanings") ==
        "done diverged not_converged not_equilibrated numerical_error not_applicable failed");
}

TEST_CASE("means say of how many replicas they are; one of a single network has no interval") {
  const std::string csv = ensembles_csv(losses());
  CHECK(has(csv, ",initialisations,members,asked,flag\n"));
  CHECK(has(csv, ",64,measured,error_test,4,0,0.5,,,,1,1,1,4,diverged\n"));
  CHECK(has(csv, ",64,flow,flow_error_test,4,0,0.4,0,0.4,0.4,2,1,2,2,outside_validity\n"));
  // What has no number at any time has one line that says how all ended.
  CHECK(has(csv, ",128,measured,error_test,,,,,,,0,0,0,4,diverged\n"));
  CHECK(has(csv, ",128,flow,flow_error_test,,,,,,,0,0,0,2,not_applicable\n"));
  const Nc nc(losses());
  CHECK(nc.at("error_test_end", {0}) == 0.5);
  CHECK(nc.at("error_test_end_members", {0}) == 1);
  CHECK(nc.at("error_test_end_asked", {0}) == 4);
  CHECK(nc.at("error_test_end_flag", {0}) == diverged_bit);
  CHECK(std::isnan(nc.at("error_test_end_standard_error", {0})));
  CHECK(std::isnan(nc.at("error_test_end", {1})));
  CHECK(nc.at("error_test_end_members", {1}) == 0);
  CHECK(nc.at("error_test_end_flag", {1}) == diverged_bit);
  CHECK(nc.at("flow_error_test_flag", {0}) == outside_bit);
  CHECK(nc.at("flow_error_test_flag", {1}) == not_applicable_bit);
  CHECK(nc.at("asked", {1}) == 4);
  CHECK(nc.at("outcomes", {0, 0}) == 1);
  CHECK(nc.at("outcomes", {0, 1}) == 3);
  CHECK(nc.at("flow_outcomes", {1, 5}) == 2);
  CHECK(has(nc.text("error_test_end", "ancillary_variables"),
            "error_test_end_members error_test_end_asked error_test_end_flag"));
}

TEST_CASE("chains that did not equilibrate are not exported as sound") {
  Table table = syn::make_table({.widths = {64}, .draws = 2, .initialisations = 2});
  syn::add_errors(table, 1, {.rest = 0.1}, 1, 2);
  CHECK_FALSE(has(ensembles_csv(table), "not_equilibrated"));
  Member& chain = table.points[0].measured.members[2];
  chain.outcome = Outcome::not_equilibrated;
  for (Row& row : chain.rows) row.flag = Flag::not_equilibrated;
  CHECK(has(ensembles_csv(table), ",2,2,4,4,not_equilibrated\n"));
  CHECK(count(values_csv(table), ",not_equilibrated,not_equilibrated\n") == 1);
  const Nc nc(table);
  CHECK(nc.at("error_test_flag", {0}) == not_equilibrated_bit);
  CHECK(nc.at("nngp_error_test_flag", {0}) == 0);
  CHECK(nc.at("outcome_replica", {0, 1, 0}) == 3);
}

TEST_CASE("values.json has outcomes, counts and reasons") {
  const std::string json = values_json(losses(), "a name");
  CHECK(has(json, R"("count": 1, "flag": null, "outcome": "diverged"})"));
  CHECK(has(json, R"("count": 1, "flag": "outside_validity", "outcome": "done"})"));
  CHECK(has(json, R"("outcomes": [{"source": "measured", "asked": 4, "done": 1, "diverged": 3, )"));
  CHECK(has(json, R"({"source": "flow", "asked": 2, "done": 0, "diverged": 0, "not_converged": 0, )"
                  R"("not_equilibrated": 0, "numerical_error": 0, "not_applicable": 2, "failed": 0}])"));
  CHECK(count(json, R"("outcome": "diverged", "reason": "the loss is 3e+05, \"too large\""})") == 7);
}

TEST_CASE("verdicts as JSON say on how many replicas each part stands") {
  TestResult result{.name = "a", .statement = "b"};
  result.parts.push_back(
      {.label = "", .statement = "", .verdict = Verdict::undecided, .members = 1, .asked = 4, .flag = "diverged"});
  CHECK(has(to_json({result}), R"("members": 1, "asked": 4, "flag": "diverged"})"));
  result.parts[0].asked = 0;  // of no ensemble
  CHECK(has(to_json({result}), R"("members": null, "asked": null, "flag": null})"));
}

}  // namespace export_soundness
}  // namespace fieldscan::analysis
