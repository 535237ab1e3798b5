#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "fieldscan/scan/points/scan.hpp"
#include "fieldscan/scan/task/regimes.hpp"
#include "fieldscan/scan/task/run_task.hpp"

/// What a run of a scan would do.
namespace fieldscan::scan {

/// A dimensionless group and its range over the points.
struct Group {
  std::string name = {};     ///< "P/N"
  std::string meaning = {};  ///< one sentence
  double low = 0, high = 0;
};

/// Where a theory of the scan does not apply, and why.
struct TheoryScope {
  std::string name = {};
  std::uint64_t points = 0;               ///< that ask for it
  std::uint64_t applies = 0;              ///< at so many of them
  std::vector<std::string> reasons = {};  ///< of the others, each once
};

/// What one test needs, and what is there.
struct TestOutlook {
  std::string name = {};
  std::int64_t needed = 0;                  ///< members; 0: it is about predictions alone
  std::int64_t members = 0;                 ///< where the fewest are
  bool decidable = true;                    ///< whether they are enough for an interval
  std::vector<std::string> sentences = {};  ///< in words
  std::string options = {};                 ///< what would decide it, four times in five; empty where not known
};

struct Plan {
  std::uint64_t points = 0;
  std::uint64_t trained_points = 0;  ///< those that train networks
  std::uint64_t replicas = 0;
  std::uint64_t predictions = 0;  ///< distinct ones
  std::uint64_t prediction_draws = 0;
  double core_seconds = 0;  ///< estimated, replicas and predictions
  /// What may end trainings or ensembles before they are as long as is counted here: "training.stop_loss",
  /// "ensemble.until" …. Where there is any, replicas and seconds are upper bounds.
  std::vector<std::string> ends_sooner = {};
  bool measured = false;       ///< seconds are corrected by what earlier runs took
  double longest_seconds = 0;  ///< of one replica or one draw of a prediction
  double largest_bytes = 0;
  std::vector<Group> groups = {};
  std::vector<TheoryScope> theories = {};  ///< in order of first appearance
  std::vector<std::string> notes = {};     ///< sentences on what the settings lead to
  Regimes regimes = {};                    ///< empty until `regimes_of` is asked
  std::vector<TestOutlook> tests = {};     ///< empty until the analysis is asked
};

/// Tasks of one kind share the relation between what they take and what the formula says: "training hmc", "theory nngp
/// in 4 threads".
std::string cost_kind(const Point& point, Task::Kind kind, std::uint64_t theory);

/// `factor`: measured over estimated seconds of a kind of tasks, as earlier runs found it; left out: 1.
Plan make_plan(const Scan& scan, const std::function<double(const std::string& kind)>& factor = {});

/// How much of the plan a store already holds.
struct DoneCounts {
  std::uint64_t replicas = 0;
  std::uint64_t predictions = 0;
};
/// The plan in words. `done` is asked once; empty where there is no store yet.
std::string plan_text(const Scan& scan, const Plan& plan, const std::function<DoneCounts()>& done = {});
std::string plan_json(const Scan& scan, const Plan& plan, const std::function<DoneCounts()>& done = {});

}  // namespace fieldscan::scan
