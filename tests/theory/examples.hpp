#pragma once
#include <string>
#include <vector>

#include "fieldscan/theory/list.hpp"
#include "fieldscan/theory/predict.hpp"

/// Where a theory holds and where it does not, said in its own test file; `laws.cpp` runs over what all members of the
/// list say.
namespace fieldscan::theory::laws {

struct Example {
  AnyTheory theory;
  Setting setting;
};
struct Counterexample {
  AnyTheory theory;
  Setting setting;
  std::string because;  ///< part of the reason
};

/// Settings at which T applies; together they have every row that it lists. Small: each is evaluated some twenty times.
template <class T>
std::vector<Example> examples();
/// At least one for every reason that T gives by itself.
template <class T>
std::vector<Counterexample> counterexamples();

/// 20 points on the sphere in six dimensions, erf units, 50 test points.
inline Setting small(const Dynamics& dynamics) {
  Setting s;
  s.data.input = data::Sphere{.dim = 6};
  s.data.target = data::Gegenbauer{.levels = {{1, 0.8}, {3, 0.2}}};
  s.data.noise = 0.1;
  s.data.train_size = 20;
  s.data.test_size = 50;
  s.network.activation = network::Erf{};
  s.ridge = 0.1;
  s.seed = 7;
  s.dynamics = dynamics;
  s.trainer = "the trainer";
  s.asked.times = {0, 0.5, 3, equilibrium};
  return s;
}
inline Setting sampler() { return small(dynamics::Equilibrium{}); }
inline Setting descent() { return small(dynamics::Descent{.rate = 0.01}); }

/// The setting with a change.
template <class Change>
Setting with(Setting setting, Change change) {
  change(setting);
  return setting;
}
/// The same with a target of two outputs.
inline Setting two_outputs(Setting setting) {
  setting.data.target = data::TeacherNetwork{.outputs = 2};
  return setting;
}
inline Setting unlike() { return small(dynamics::Unlike{}); }
inline Setting online(Setting setting) {
  setting.data.train_size = data::TrainSizeWord::online;
  return setting;
}

}  // namespace fieldscan::theory::laws
