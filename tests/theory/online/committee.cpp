#include "fieldscan/theory/online/committee.hpp"

#include <cmath>
#include <vector>

#include "catch.hpp"
#include "fieldscan/core/solve/ode.hpp"
#include "near.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

namespace {

const CommitteeUnit narrow_erf = network::Erf{.scale = std::sqrt(0.5)};  // erf(z/√2)

Matrix matrix(const std::vector<double>& rows, Index count) {
  return Eigen::Map<const Matrix>(rows.data(), std::ssize(rows) / count, count).transpose();
}
Vector vector(const std::vector<double>& values) { return Eigen::Map<const Vector>(values.data(), std::ssize(values)); }

/// Four pre-activations of the reference.
Matrix four() {
  return matrix({1, 0.2, 0.3, -0.1, 0.2, 0.8, 0.1, 0.25, 0.3, 0.1, 1.2, 0.15, -0.1, 0.25, 0.15, 0.9}, 4);
}

/// Q, R, v at the times, the first of which is 0.
std::vector<Committee> course(const CommitteeUnit& unit, const Committee& start, const CommitteeRates& rates,
                              const std::vector<double>& times) {
  const Index own = start.own.size(), cross = start.cross.size();
  const auto at = [&](const VectorView& x) {
    Committee state = start;
    state.own.reshaped() = x.head(own);
    state.cross.reshaped() = x.segment(own, cross);
    state.amplitude = x.tail(start.amplitude.size());
    return state;
  };
  const auto flat = [](const Matrix& q, const Matrix& r, const Vector& v) {
    Vector x(q.size() + r.size() + v.size());
    x << q.reshaped(), r.reshaped(), v;
    return x;
  };
  const auto solved = solve::integrate(
      [&](const VectorView& x, double, Eigen::Ref<Vector> slope) {
        const CommitteeSlope change = committee_slope(unit, at(x), rates);
        slope = flat(change.own, change.cross, change.amplitude);
      },
      flat(start.own, start.cross, start.amplitude), times);
  REQUIRE(solved.converged);
  std::vector<Committee> out;
  for (Index k = 0; k < solved.value.cols(); ++k) out.push_back(at(solved.value.col(k)));
  return out;
}

/// Two students, two teachers.
Committee pair_of_pairs(const std::vector<double>& amplitude, const std::vector<double>& teacher) {
  return {.own = matrix({0.5, 0.1, 0.1, 0.4}, 2),
          .cross = matrix({0.15, 0.05, -0.05, 0.2}, 2),
          .amplitude = vector(amplitude),
          .teacher = matrix({1, 0.2, 0.2, 0.8}, 2),
          .teacher_share = vector(teacher)};
}

}  // namespace

TEST_CASE("integrals of four pre-activations agree with the reference") {
  {
    const Matrix c = four();
    const auto unit = narrow_erf;
    CHECK(integral_pair(unit, c, 0, 0) == Approx(0.33333333333333337).epsilon(0).margin(1e-9));
    CHECK(integral_pair(unit, c, 0, 1) == Approx(0.06723051128790829).epsilon(0).margin(1e-9));
    CHECK(integral_pair(unit, c, 2, 3) == Approx(0.04674914050505512).epsilon(0).margin(1e-9));
    CHECK(integral_slopes(unit, c, 0, 0) == Approx(0.3675525969478614).epsilon(0).margin(1e-9));
    CHECK(integral_slopes(unit, c, 0, 1) == Approx(0.3374078045398839).epsilon(0).margin(1e-9));
    CHECK(integral_drive(unit, c, 0, 1, 2) == Approx(0.021465426793386432).epsilon(0).margin(1e-9));
    CHECK(integral_drive(unit, c, 0, 0, 1) == Approx(0.033740780453988393).epsilon(0).margin(1e-9));
    CHECK(integral_drive(unit, c, 0, 1, 0) == Approx(0.036755259694786144).epsilon(0).margin(1e-9));
    CHECK(integral_drive(unit, c, 3, 1, 2) == Approx(0.02505995211227081).epsilon(0).margin(1e-9));
    CHECK(integral_noise(unit, c, 0, 1, 2, 3) == Approx(0.01664627202459553).epsilon(0).margin(1e-9));
    CHECK(integral_noise(unit, c, 0, 0, 2, 3) == Approx(0.019785441878307095).epsilon(0).margin(1e-9));
    CHECK(integral_noise(unit, c, 0, 1, 0, 1) == Approx(0.008233430007809173).epsilon(0).margin(1e-9));
    CHECK(integral_noise(unit, c, 0, 0, 0, 0) == Approx(0.05912496890314281).epsilon(0).margin(1e-9));
    CHECK(integral_noise(unit, c, 0, 1, 2, 2) == Approx(0.12135045509127564).epsilon(0).margin(1e-9));
    CHECK(integral_noise(unit, c, 0, 1, 0, 2) == Approx(0.017514310017638167).epsilon(0).margin(1e-9));
    CHECK(integral_noise(unit, c, 1, 1, 1, 3) == Approx(0.01554006032195748).epsilon(0).margin(1e-9));
  }
  {
    const Matrix c = four();
    const auto unit = CommitteeUnit(network::Relu{});
    CHECK(integral_pair(unit, c, 0, 0) == Approx(0.5).epsilon(0).margin(2e-7));
    CHECK(integral_pair(unit, c, 0, 1) == Approx(0.19592637731694304).epsilon(0).margin(2e-7));
    CHECK(integral_pair(unit, c, 2, 3) == Approx(0.20462458144598333).epsilon(0).margin(2e-7));
    CHECK(integral_slopes(unit, c, 0, 0) == Approx(0.5).epsilon(0).margin(2e-7));
    CHECK(integral_slopes(unit, c, 0, 1) == Approx(0.28589157328217657).epsilon(0).margin(2e-7));
    CHECK(integral_drive(unit, c, 0, 1, 2) == Approx(0.06295107338845878).epsilon(0).margin(2e-7));
    CHECK(integral_drive(unit, c, 0, 0, 1) == Approx(0.195926377316943).epsilon(0).margin(2e-7));
    CHECK(integral_drive(unit, c, 0, 1, 0) == Approx(0.1).epsilon(0).margin(2e-7));
    CHECK(integral_drive(unit, c, 3, 1, 2) == Approx(0.07276822742655864).epsilon(0).margin(2e-7));
    CHECK(integral_noise(unit, c, 0, 1, 2, 3) == Approx(0.08774420158463686).epsilon(0).margin(2e-7));
    CHECK(integral_noise(unit, c, 0, 0, 2, 3) == Approx(0.11850096716130085).epsilon(0).margin(2e-7));
    CHECK(integral_noise(unit, c, 0, 1, 0, 1) == Approx(0.19592637731694337).epsilon(0).margin(2e-7));
    CHECK(integral_noise(unit, c, 0, 0, 0, 0) == Approx(0.4999999999999998).epsilon(0).margin(2e-7));
    CHECK(integral_noise(unit, c, 0, 1, 2, 2) == Approx(0.24624139003190826).epsilon(0).margin(2e-7));
    CHECK(integral_noise(unit, c, 0, 1, 0, 2) == Approx(0.16384956128394554).epsilon(0).margin(2e-7));
    CHECK(integral_noise(unit, c, 1, 1, 1, 3) == Approx(0.20345243129953547).epsilon(0).margin(2e-7));
  }
}

TEST_CASE("integrals of rectifiers keep exact identities") {
  const Matrix c = four();
  const CommitteeUnit unit = network::Relu{};
  // θ_i r_i = r_i and θ_i² = θ_i.
  CHECK(integral_noise(unit, c, 0, 1, 0, 1) == Approx(integral_pair(unit, c, 0, 1)).epsilon(1e-9));
  CHECK(integral_noise(unit, c, 2, 2, 2, 2) == Approx(0.5 * c(2, 2)).epsilon(1e-9));
  CHECK(integral_noise(unit, c, 0, 0, 0, 3) == Approx(integral_pair(unit, c, 0, 3)).epsilon(1e-9));
  CHECK(integral_drive(unit, c, 1, 1, 1) == Approx(integral_pair(unit, c, 1, 1)).epsilon(1e-12));
  // Homogeneous: units twice as long.
  const Matrix doubled = 4 * c;
  CHECK(integral_noise(unit, doubled, 0, 1, 2, 3) == Approx(4 * integral_noise(unit, c, 0, 1, 2, 3)).epsilon(1e-10));
  // Independent of one another.
  const Matrix apart = c.diagonal().asDiagonal();
  CHECK(integral_noise(unit, apart, 0, 1, 2, 3) == Approx(0.25 * integral_pair(unit, apart, 2, 3)).epsilon(1e-12));
}

TEST_CASE("a scaled error function is the error function of scaled pre-activations") {
  const Matrix c = four(), scaled = 1.44 * c;
  const CommitteeUnit wide = network::Erf{.scale = 1.2}, plain = network::Erf{};
  CHECK(integral_pair(wide, c, 0, 1) == Approx(integral_pair(plain, scaled, 0, 1)).epsilon(1e-13));
  CHECK(integral_slopes(wide, c, 0, 1) == Approx(1.44 * integral_slopes(plain, scaled, 0, 1)).epsilon(1e-13));
  CHECK(integral_drive(wide, c, 0, 1, 2) == Approx(integral_drive(plain, scaled, 0, 1, 2)).epsilon(1e-13));
  CHECK(integral_noise(wide, c, 0, 1, 2, 3) == Approx(1.44 * integral_noise(plain, scaled, 0, 1, 2, 3)).epsilon(1e-13));
}

TEST_CASE("a student that is its teacher stays, and errs by nothing") {
  Committee state = pair_of_pairs({1, 1.2}, {1, 1.2});
  state.own = state.cross = state.teacher;
  for (const CommitteeUnit& unit : {narrow_erf, CommitteeUnit(network::Relu{}), CommitteeUnit(network::Linear{})}) {
    CHECK(committee_error(unit, state) == Approx(0).margin(1e-15));
    const CommitteeSlope slope = committee_slope(unit, state, {.drift = 1, .noise = 1, .amplitude = 1});
    CHECK(slope.cross.norm() < 1e-14);
    CHECK(slope.amplitude.norm() < 1e-14);
    CHECK(slope.own.norm() < 1e-7);
    // Control: noisy labels kick it.
    CHECK(committee_slope(unit, state, {.drift = 1, .noise = 1, .label_variance = 0.1}).own.norm() > 0.01);
  }
}

TEST_CASE("order parameters in time agree with the reference") {
  {
    const auto states =
        course(narrow_erf, pair_of_pairs({0.5, 0.6}, {1.0, 1.2}),
               {.drift = 0.8, .noise = 0.64, .amplitude = 0.4, .label_variance = 0.01}, {0.0, 2.0, 5.0, 10.0});
    CHECK(near::largest_difference(
              states[1].own,
              matrix({0.6207537469086698, 0.272929666513076, 0.272929666513076, 0.6056864432970146}, 2)) < 3e-8);
    CHECK(near::largest_difference(
              states[1].cross,
              matrix({0.4311451084266219, 0.2939901861120486, 0.29708236253919, 0.4959717132561328}, 2)) < 3e-8);
    CHECK(near::largest_difference(states[1].amplitude, vector({0.5251165918082805, 0.6423523778939677})) < 3e-8);
    CHECK(0.5 * committee_error(narrow_erf, states[1]) == Approx(0.21663540195277747).margin(3e-8));
    CHECK(near::largest_difference(
              states[2].own,
              matrix({0.8294188214901727, 0.592074650840542, 0.592074650840542, 0.9278517919518428}, 2)) < 3e-8);
    CHECK(near::largest_difference(
              states[2].cross,
              matrix({0.6577272750530985, 0.49107973791360776, 0.5634853281187135, 0.7095592946755476}, 2)) < 3e-8);
    CHECK(near::largest_difference(states[2].amplitude, vector({0.6370099573991906, 0.7880357173420343})) < 3e-8);
    CHECK(0.5 * committee_error(narrow_erf, states[2]) == Approx(0.0640037939976763).margin(3e-8));
    CHECK(near::largest_difference(
              states[3].own,
              matrix({0.9685873916514027, 0.7998835384520459, 0.7998835384520459, 1.1194317538090237}, 2)) < 3e-8);
    CHECK(near::largest_difference(
              states[3].cross,
              matrix({0.7730391159909965, 0.5782837515988233, 0.6703397596729577, 0.7996245833648155}, 2)) < 3e-8);
    CHECK(near::largest_difference(states[3].amplitude, vector({0.7315343830788626, 0.9034960476511061})) < 3e-8);
    CHECK(0.5 * committee_error(narrow_erf, states[3]) == Approx(0.017207978725903822).margin(3e-8));
  }
  {
    const auto states =
        course(narrow_erf, pair_of_pairs({1.0, 1.0}, {1.0, 1.0}),
               {.drift = 0.5, .noise = 0.25, .amplitude = 0.0, .label_variance = 0.0}, {0.0, 4.0, 10.0, 20.0});
    CHECK(near::largest_difference(
              states[1].own,
              matrix({0.5543847036279237, 0.1662589848145747, 0.1662589848145747, 0.5023113160893848}, 2)) < 3e-8);
    CHECK(near::largest_difference(
              states[1].cross,
              matrix({0.5429338994394564, 0.3108318444120223, 0.33827883015319393, 0.4732555187050898}, 2)) < 3e-8);
    CHECK(near::largest_difference(states[1].amplitude, vector({1.0, 1.0})) < 3e-8);
    CHECK(0.5 * committee_error(narrow_erf, states[1]) == Approx(0.04535036385473121).margin(3e-8));
    CHECK(near::largest_difference(
              states[2].own,
              matrix({0.617528998641451, 0.28512678894085025, 0.28512678894085025, 0.5777036616133981}, 2)) < 3e-8);
    CHECK(near::largest_difference(
              states[2].cross,
              matrix({0.635784914665371, 0.36994224081294985, 0.42152697984276033, 0.5368966601018569}, 2)) < 3e-8);
    CHECK(near::largest_difference(states[2].amplitude, vector({1.0, 1.0})) < 3e-8);
    CHECK(0.5 * committee_error(narrow_erf, states[2]) == Approx(0.010669245497782726).margin(3e-8));
    CHECK(near::largest_difference(
              states[3].own,
              matrix({0.6253825390161634, 0.32636686776713075, 0.32636686776713075, 0.5809433775451898}, 2)) < 3e-8);
    CHECK(near::largest_difference(
              states[3].cross,
              matrix({0.6659871154260842, 0.37057289753400063, 0.4221115391534281, 0.5594568940712044}, 2)) < 3e-8);
    CHECK(near::largest_difference(states[3].amplitude, vector({1.0, 1.0})) < 3e-8);
    CHECK(0.5 * committee_error(narrow_erf, states[3]) == Approx(0.008839196101260688).margin(3e-8));
  }
  {
    const auto states =
        course(CommitteeUnit(network::Relu{}), pair_of_pairs({0.5, 0.6}, {1.0, 1.2}),
               {.drift = 0.3, .noise = 0.09, .amplitude = 0.2, .label_variance = 0.01}, {0.0, 1.0, 2.5, 5.0});
    CHECK(near::largest_difference(
              states[1].own,
              matrix({0.5485437824519406, 0.1116421605655132, 0.1116421605655132, 0.4588778626121038}, 2)) < 3e-7);
    CHECK(near::largest_difference(states[1].cross, matrix({0.20776848693511052, 0.09317592454949497,
                                                            0.0033293885091422847, 0.26616389707295784},
                                                           2)) < 3e-7);
    CHECK(near::largest_difference(states[1].amplitude, vector({0.5224277642254539, 0.6210556404731105})) < 3e-7);
    CHECK(0.5 * committee_error(CommitteeUnit(network::Relu{}), states[1]) == Approx(0.5218993385968703).margin(3e-7));
    CHECK(near::largest_difference(
              states[2].own,
              matrix({0.6328565669100717, 0.1453211512724276, 0.1453211512724276, 0.5659352500309365}, 2)) < 3e-7);
    CHECK(near::largest_difference(
              states[2].cross,
              matrix({0.29892936773359796, 0.16053466604374092, 0.08996311175664383, 0.3690210783756809}, 2)) < 3e-7);
    CHECK(near::largest_difference(states[2].amplitude, vector({0.5602968224192942, 0.6597332043288878})) < 3e-7);
    CHECK(0.5 * committee_error(CommitteeUnit(network::Relu{}), states[2]) == Approx(0.4457740433866991).margin(3e-7));
    CHECK(near::largest_difference(
              states[3].own,
              matrix({0.7900235732290484, 0.23917517554680198, 0.23917517554680198, 0.7763458496854082}, 2)) < 3e-7);
    CHECK(near::largest_difference(
              states[3].cross,
              matrix({0.4524643818146721, 0.27021147668805573, 0.23903427443223602, 0.5356552454237823}, 2)) < 3e-7);
    CHECK(near::largest_difference(states[3].amplitude, vector({0.6266658089641697, 0.7337798422785886})) < 3e-7);
    CHECK(0.5 * committee_error(CommitteeUnit(network::Relu{}), states[3]) == Approx(0.31430403526330175).margin(3e-7));
  }
}

// The errors ½⟨(f − g)²⟩ of descent itself with inputs in 1000 dimensions, a mean over five runs, by a program of its
// own.
TEST_CASE("the equations have the course of descent in a thousand dimensions") {
  struct Row {
    const char* name;
    CommitteeUnit unit;
    double time, equations, runs, standard_error, rate, amplitude_rate;
  };
  const std::vector<Row> rows = {{"erf", narrow_erf, 7.5, .02671, .02679, .00021, .8, .4},
                                 {"erf", narrow_erf, 15, .01437, .01437, .00004, .8, .4},
                                 {"erf", narrow_erf, 30, .01233, .01248, .00004, .8, .4},
                                 {"relu", network::Relu{}, 5, .3143, .3123, .0024, .3, .2},
                                 {"relu", network::Relu{}, 10, .1354, .1355, .0019, .3, .2}};
  for (const Row& row : rows) {
    INFO(row.name << " at " << row.time);
    const auto error = [&](double noise) {
      const CommitteeRates rates{.drift = row.rate,
                                 .noise = noise * row.rate * row.rate,
                                 .amplitude = row.amplitude_rate,
                                 .label_variance = .01};
      return 0.5 *
             committee_error(row.unit, course(row.unit, pair_of_pairs({.5, .6}, {1, 1.2}), rates, {0, row.time})[1]);
    };
    const double of_runs = 3 * row.standard_error + 0.01 * row.runs;  // and what is of order 1/d
    CHECK(std::abs(error(1) / row.equations - 1) < 5e-4);             // four digits are given
    CHECK(std::abs(error(1) - row.runs) < of_runs);
    CHECK(std::abs(error(0) - row.runs) > of_runs);  // control: without what single examples add
  }
}

// Ten students, two teachers, inputs in three dimensions: the computation database of DimensionlessDynamicsSGD (commit
// 9474bd7), erf in the classic limit, where only the noise of labels is kept at second order. Their time is α/200 and
// starts at 0.001.
TEST_CASE("ten students follow a published course of the risk") {
  const Committee start{
      .own = matrix({1.627576752368043,     -2.153226460823432,   0.5453561049134387,     0.2946778377399955,
                     -0.6364361350416918,   -0.937277929659099,   -0.47676551909163223,   -0.08869878981681828,
                     0.36490396712673484,   -0.5911025732029387,  -2.153226460823432,     3.739217953151014,
                     -0.23782509983367264,  -0.3685644312147749,  1.0429881304188962,     1.8126662271943352,
                     -0.3893007053112736,   -0.43479571603452766, -1.1075943010239773,    0.5709555462800618,
                     0.5453561049134387,    -0.23782509983367264, 0.5462504059560811,     0.013225170516400509,
                     -0.05384196132081989,  -0.08862777665655576, -0.7838249139855521,    -0.2730141524951296,
                     -0.16232627129932284,  -0.310481178758789,   0.2946778377399955,     -0.3685644312147749,
                     0.013225170516400509,  0.14730152817322617,  -0.15879131951069558,   -0.07362435644985177,
                     -0.043221661666873516, -0.08370653976909563, -0.0015655541067551692, -0.11418370365737679,
                     -0.6364361350416918,   1.0429881304188962,   -0.05384196132081989,   -0.15879131951069558,
                     0.3192703834574723,    0.4531178333588566,   -0.0787230990691756,    -0.06175066011218513,
                     -0.25643946344676155,  0.18460216227094103,  -0.937277929659099,     1.8126662271943352,
                     -0.08862777665655576,  -0.07362435644985177, 0.4531178333588566,     0.980652736733004,
                     -0.3218850485487061,   -0.35198251281391063, -0.6584035401144644,    0.20281581349584052,
                     -0.47676551909163223,  -0.3893007053112736,  -0.7838249139855521,    -0.043221661666873516,
                     -0.0787230990691756,   -0.3218850485487061,  1.3567210694676868,     0.6190708577752537,
                     0.5707293018351159,    0.41335579828581936,  -0.08869878981681828,   -0.43479571603452766,
                     -0.2730141524951296,   -0.08370653976909563, -0.06175066011218513,   -0.35198251281391063,
                     0.6190708577752537,    0.3788828354576547,   0.3982131417538642,     0.16429695347175258,
                     0.36490396712673484,   -1.1075943010239773,  -0.16232627129932284,   -0.0015655541067551692,
                     -0.25643946344676155,  -0.6584035401144644,  0.5707293018351159,     0.3982131417538642,
                     0.5499289846407321,    0.016746296359643812, -0.5911025732029387,    0.5709555462800618,
                     -0.310481178758789,    -0.11418370365737679, 0.18460216227094103,    0.20281581349584052,
                     0.41335579828581936,   0.16429695347175258,  0.016746296359643812,   0.26474043154417987},
                    10),
      .cross = matrix(
          {1.2345576256324386,  0.2989821837121334,   -1.7490531774266056,  -0.2863008461116075,  0.2808490687089065,
           0.46603004577661533, 0.2880767450697979,   -0.23831083817173637, -0.5437316110809949,  0.06046902691473405,
           -0.7260400424318499, -0.36207574211558274, -0.1804139225550396,  -0.4257712459154041,  -0.034732526346528854,
           0.08791797794825938, 0.3200499047777388,   0.15679340495044508,  -0.42245530525083624, -0.12778241081392314},
          10),
      .amplitude = Vector::Constant(10, 0.1),
      .teacher = matrix({1.0000000000000002, 1.099545646965899e-16, 1.099545646965899e-16, 1.0000000000000002}, 2),
      .teacher_share = Vector::Constant(2, 0.5)};
  // One part of order η² alone: a factor that vanishes, times a variance that makes up for it.
  const double vanishing = 1e-14;
  const CommitteeRates rates{.drift = 0.05, .noise = 0.05 * 0.05 * vanishing, .label_variance = 1e-3 / vanishing};
  const std::vector<double> time = {0, 0.01, 0.1, 1, 3, 10, 30};
  std::vector<double> steps;
  for (const double t : time) steps.push_back(t == 0 ? 0 : 200 * (t - 0.001));
  const auto states = course(narrow_erf, start, rates, steps);
  CHECK(0.5 * committee_error(narrow_erf, states[1]) == Approx(0.10940833484405796).epsilon(1e-7));
  CHECK(0.5 * committee_error(narrow_erf, states[2]) == Approx(0.10370599731466765).epsilon(1e-7));
  CHECK(0.5 * committee_error(narrow_erf, states[3]) == Approx(0.060678688942786344).epsilon(1e-7));
  CHECK(0.5 * committee_error(narrow_erf, states[4]) == Approx(0.021371443302836975).epsilon(1e-7));
  CHECK(0.5 * committee_error(narrow_erf, states[5]) == Approx(0.004440201144328309).epsilon(1e-7));
  CHECK(0.5 * committee_error(narrow_erf, states[6]) == Approx(0.0024102970699396453).epsilon(1e-7));
  CHECK(0.5 * committee_error(narrow_erf, states[1]) == Approx(0.109408152452692).epsilon(5e-4));      // published
  CHECK(0.5 * committee_error(narrow_erf, states[2]) == Approx(0.10370407204609144).epsilon(5e-4));    // published
  CHECK(0.5 * committee_error(narrow_erf, states[3]) == Approx(0.06066703900959816).epsilon(5e-4));    // published
  CHECK(0.5 * committee_error(narrow_erf, states[4]) == Approx(0.02136207027505826).epsilon(5e-4));    // published
  CHECK(0.5 * committee_error(narrow_erf, states[5]) == Approx(0.0044397052831294925).epsilon(5e-4));  // published
  CHECK(0.5 * committee_error(narrow_erf, states[6]) == Approx(0.00241015194276438).epsilon(5e-4));    // published
}
