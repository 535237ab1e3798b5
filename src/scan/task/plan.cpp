#include "fieldscan/scan/task/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "collect.hpp"
#include "cost.hpp"
#include "decay_notes.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/printable.hpp"
#include "fieldscan/core/text.hpp"
#include "fieldscan/data/pool.hpp"
#include "fieldscan/scan/task/run_task.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

namespace fieldscan::scan {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<Group> empty_groups() {
  const auto group = [](const char* name, const char* meaning) { return Group{name, meaning, infinity, -infinity}; };
  return {
      group("P/N", "data per unit: finite-width effects"),
      group("P/d", "data per input dimension"),
      group("N/χ", "1 for mean-field scaling, N for the lazy one"),
      group("χσ_a²/N", "how far features move: 1/N lazy, 1 mean-field"),
      group("κP/tr K", "ridge against the kernel's mean diagonal: a factor of P or 2 in a translated paper shows here"),
      group("T = κ/χ", "temperature of Langevin dynamics of the summed loss"),
      group("ηλ_max(Θ)/χ", "learning rate, with the rates of the tensors (estimate): the stability limit is 2(1 + β)"),
      group("η/η_max", "learning rate against the largest stable one, momentum, ridge and batches seen to (estimate)"),
      group("ε/ε_max", "step of langevin against the largest stable one (estimate)")};
}

void widen(Group& group, double value) {
  if (!std::isfinite(value)) return;
  group.low = std::min(group.low, value);
  group.high = std::max(group.high, value);
}

/// Kernels of the last architecture that was asked for: along most axes it does not change.
struct KernelMemory {
  std::optional<theory::KernelSpec> kernel;
  std::vector<double> factors;
  network::KernelScale scale;
  const network::KernelScale& of(const PointSpec& spec, const Sizes& s) {
    const network::Network network(spec.network, std::max(1, static_cast<int>(s.dimension)));
    auto wanted = theory::kernel_spec(spec.network);
    auto rates = training::rate_factors(spec.training, network);
    if (kernel != wanted || factors != rates) {
      scale = network::kernel_scale(network, rates);
      kernel = std::move(wanted);
      factors = std::move(rates);
    }
    return scale;
  }
};

/// tr K/P of the rows of a file whose norms are not √d: the mean of K(x, x) over a thousand of them, evenly spread; NaN
/// where the file is not there any more, without which a plan is made all the same.
class FileKernels {
 public:
  double mean_diagonal(const PointSpec& spec, const data::File& file) {
    const theory::KernelSpec kernel = theory::kernel_spec(spec.network);
    const bool other_rows = !file_ || *file_ != file || from_ != spec.data.test_from;
    if (other_rows) load(file, spec.data.test_from);
    if (!other_rows && kernel_ == kernel) return mean_;
    kernel_ = kernel;
    mean_ = rows_.rows() > 0 ? theory::kernel_diagonal(kernel, rows_).nngp.mean()
                             : std::numeric_limits<double>::quiet_NaN();
    return mean_;
  }

 private:
  void load(const data::File& file, data::TestFrom test_from) {
    constexpr Index most = 1000;
    file_ = file;
    from_ = test_from;
    rows_.resize(0, 0);
    try {
      const auto pool = data::load_pool(file, test_from);
      const Index rows = pool->train.rows(), stride = 1 + (rows - 1) / most;
      std::vector<Index> chosen;
      for (Index row = 0; row < rows; row += stride) chosen.push_back(row);
      rows_ = data::pool_rows(*pool, pool->train, chosen);
    } catch (const EnvironmentError&) {
      return;  // whoever needs the rows themselves says so
    }
  }

  std::optional<data::File> file_;
  data::TestFrom from_ = data::TestFrom::automatic;
  Matrix rows_;
  std::optional<theory::KernelSpec> kernel_;
  double mean_ = 0;
};

/// tr K/P: every input has |x|² = d, but for files that are not scaled to it.
double mean_diagonal(const PointSpec& spec, const network::KernelScale& scale, FileKernels& kernels) {
  const auto* file = std::get_if<data::File>(&spec.data.input);
  if (!file || file->scaling == data::Scaling::dimension) return scale.nngp;
  return kernels.mean_diagonal(spec, *file);
}

void widen_groups(std::vector<Group>& groups, const PointSpec& spec, KernelMemory& memory, FileKernels& files) {
  const Sizes s = sizes_of(spec);
  const network::KernelScale& k = memory.of(spec, s);
  const double width = network::last_width(spec.network), chi = spec.network.chi;
  if (trains(spec) && s.train > 0) widen(groups[0], s.train / width);
  if (s.train > 0) widen(groups[1], s.train / s.dimension);
  if (trains(spec)) widen(groups[2], width / chi);
  if (trains(spec)) widen(groups[3], chi * spec.network.readout_variance / width);
  widen(groups[4], spec.ridge / mean_diagonal(spec, k, files));
  if (training::is_sampler(spec.training)) widen(groups[5], spec.ridge / chi);
  const auto step = training::step_of(spec.training, training_setting(spec), s, k);
  if (!step) return;
  const bool noise = step->of == training::StepSize::Of::noise;
  if (!noise) widen(groups[6], step->size * k.top(s.train, s.dimension) / chi);
  widen(groups[noise ? 8 : 7], step->size / step->largest);
}

void add_scopes(std::vector<TheoryScope>& scopes, const Point& point) {
  if (point.theories.empty()) return;
  const theory::Setting setting = setting_of(point);
  for (const auto& use : point.theories) {
    auto scope = std::ranges::find(scopes, use.name, &TheoryScope::name);
    if (scope == scopes.end()) scope = scopes.insert(scope, TheoryScope{.name = use.name});
    ++scope->points;
    const auto answer = theory::applicability(use.theory, setting);
    if (answer.applies)
      ++scope->applies;
    else if (std::ranges::find(scope->reasons, answer.because) == scope->reasons.end())
      scope->reasons.push_back(answer.because);
  }
}

std::string scopes_text(const std::vector<TheoryScope>& scopes) {
  std::string out;
  for (const auto& scope : scopes)
    for (const auto& reason : scope.reasons)
      out += fmt::format("    {}: applies at {} of {} points; elsewhere not, because {}\n", scope.name, scope.applies,
                         scope.points, reason);
  return out.empty() ? "" : "  theories that do not apply everywhere\n" + out;
}

/// The most that an ensemble can grow to.
std::uint64_t replicas_of(const Ensemble& ensemble) {
  const auto product = [](int draws, int initialisations) {
    return static_cast<std::uint64_t>(draws) * static_cast<std::uint64_t>(initialisations);
  };
  if (!ensemble.until) return product(ensemble.data_draws, ensemble.initialisations);
  return std::max(product(std::max(ensemble.data_draws, ensemble.until->batch), ensemble.initialisations),
                  static_cast<std::uint64_t>(ensemble.until->max));
}

void add_once(std::vector<std::string>& words, const char* word) {
  if (std::ranges::find(words, word) == words.end()) words.emplace_back(word);
}

/// The fields of a point by which it may take less than its length says.
void note_early_ends(std::vector<std::string>& words, const Point& point) {
  for (const char* field : training::ends_sooner(point.spec.training)) add_once(words, field);
  if (point.ensemble.until) add_once(words, "ensemble.until");
}

std::string duration(double seconds) {
  if (seconds < 120) return fmt::format("{:.2g} s", seconds);
  if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
  if (seconds < 48 * 3600) return fmt::format("{:.1f} h", seconds / 3600);
  return fmt::format("{:.1f} days", seconds / 86400);
}

std::string size(double bytes) {
  return bytes < 1e9 ? fmt::format("{:.0f} MB", bytes / 1e6) : fmt::format("{:.1f} GB", bytes / 1e9);
}

std::string axis_text(const AxisInfo& axis) {
  std::string values;
  for (std::size_t k = 0; k < axis.values.size(); ++k) {
    if (axis.values.size() > 12 && k == 6) {
      values += ", …";
      k = axis.values.size() - 2;
    }
    const double* number = std::get_if<double>(&axis.values[k]);
    values += (k ? ", " : "") + (number ? shortest(*number) : shortened(std::get<std::string>(axis.values[k]), 60));
  }
  return fmt::format("    {}{}: {} ({} values)\n", axis.path, axis.zipped ? " (zipped)" : "", values,
                     axis.values.size());
}

}  // namespace

std::string cost_kind(const Point& point, Task::Kind kind, std::uint64_t theory) {
  const int threads = task_threads(point, kind, theory);
  const std::string threaded = threads > 1 ? fmt::format(" in {} threads", threads) : "";
  return kind == Task::Kind::replicas ? fmt::format("training {}{}", kind_of(point.spec.training), threaded)
                                      : fmt::format("theory {}{}", kind_of(point.theories[theory].theory), threaded);
}

Plan make_plan(const Scan& scan, const std::function<double(const std::string& kind)>& factor) {
  Plan plan{.measured = static_cast<bool>(factor), .groups = empty_groups()};
  const auto expected_seconds = [&](const Point& point, Task::Kind kind, std::uint64_t theory) {
    return estimated_seconds(point, kind, theory) * (factor ? factor(cost_kind(point, kind, theory)) : 1);
  };
  KernelMemory memory;
  FileKernels files;
  DecayNotes decay;
  PredictionCollector predictions;
  std::vector<double> seconds_per_draw;  // of each prediction, as listed
  scan.for_each_point([&](const Point& point) {
    ++plan.points;
    widen_groups(plan.groups, point.spec, memory, files);
    decay.add(point);
    predictions.add(point, [&](std::size_t theory) {
      seconds_per_draw.push_back(expected_seconds(point, Task::Kind::prediction, theory));
      plan.largest_bytes = std::max(plan.largest_bytes, estimated_bytes(point, Task::Kind::prediction, theory));
    });
    add_scopes(plan.theories, point);
    if (!trains(point.spec)) return true;
    ++plan.trained_points;
    const std::uint64_t replicas = replicas_of(point.ensemble);
    const double seconds = expected_seconds(point, Task::Kind::replicas, 0);
    plan.replicas += replicas;
    note_early_ends(plan.ends_sooner, point);
    plan.core_seconds += seconds * static_cast<double>(replicas);
    plan.longest_seconds = std::max(plan.longest_seconds, seconds);
    plan.largest_bytes = std::max(plan.largest_bytes, estimated_bytes(point, Task::Kind::replicas, 0));
    return true;
  });
  for (std::size_t k = 0; k < seconds_per_draw.size(); ++k) {
    const auto draws = static_cast<std::uint64_t>(predictions.list()[k].members.count());
    ++plan.predictions;
    plan.prediction_draws += draws;
    plan.core_seconds += seconds_per_draw[k] * static_cast<double>(draws);
    plan.longest_seconds = std::max(plan.longest_seconds, seconds_per_draw[k]);
  }
  plan.notes = decay.sentences();
  std::erase_if(plan.groups, [](const Group& group) { return !(group.low <= group.high); });
  return plan;
}

std::string plan_text(const Scan& scan, const Plan& plan, const std::function<DoneCounts()>& done) {
  std::string out =
      fmt::format("{}: {} points, {} of them with networks\n", scan.name(), plan.points, plan.trained_points);
  for (const auto& block : scan.blocks()) {
    out += fmt::format("  {}: {} combinations\n", block.name, block.combinations);
    for (const auto& axis : block.axes) out += axis_text(axis);
  }
  for (const auto& file : scan.data_files())
    out += fmt::format("  data                    {}\n", data::describe(*file));
  const std::uint64_t replicas = plan.replicas, draws = plan.prediction_draws;
  const std::string_view at_most = plan.ends_sooner.empty() ? "" : "at most ";
  const bool grows = std::ranges::find(plan.ends_sooner, "ensemble.until") != plan.ends_sooner.end();
  out += fmt::format("  replicas to train       {}{}\n  predictions             {} ({} evaluations)\n",
                     grows ? at_most : "", replicas, plan.predictions, draws);
  if (done) {
    const DoneCounts counts = done();
    out += fmt::format("  done already            {} replicas, {} evaluations of predictions\n", counts.replicas,
                       counts.predictions);
  }
  out += fmt::format("  work, roughly           {}{} on one core ({:.2g} core hours{})\n", at_most,
                     duration(plan.core_seconds), plan.core_seconds / 3600,
                     plan.measured ? ", by what earlier runs here took" : "");
  out += fmt::format("  longest replica         {}{}\n  memory of one task      {}\n", at_most,
                     duration(plan.longest_seconds), size(plan.largest_bytes));
  if (!plan.ends_sooner.empty())
    out += fmt::format("  at most: {} may end it sooner\n", fmt::join(plan.ends_sooner, ", "));
  out += scopes_text(plan.theories);
  for (const auto& note : plan.notes) out += fmt::format("  {}\n", note);
  if (!plan.groups.empty()) out += "  dimensionless groups over the points\n";
  for (const auto& group : plan.groups) {
    const std::string range = group.low == group.high ? fmt::format("{:.3g}", group.low)
                                                      : fmt::format("{:.3g} … {:.3g}", group.low, group.high);
    out += fmt::format("    {:<14} {:<20} {}\n", group.name, range, group.meaning);
  }
  return out + regimes_text(plan.regimes);
}

std::string plan_json(const Scan& scan, const Plan& plan, const std::function<DoneCounts()>& done) {
  std::string groups;
  for (const auto& group : plan.groups)
    groups += fmt::format("{}\"{}\": [{}, {}]", groups.empty() ? "" : ", ", group.name, shortest(group.low),
                          shortest(group.high));
  std::string theories;
  for (const auto& scope : plan.theories)
    theories += fmt::format("{}\"{}\": {{\"points\": {}, \"applies\": {}}}", theories.empty() ? "" : ", ", scope.name,
                            scope.points, scope.applies);
  std::string counts;
  if (done) {
    const DoneCounts d = done();
    counts = fmt::format(", \"replicas_done\": {}, \"predictions_done\": {}", d.replicas, d.predictions);
  }
  std::string early;
  for (const auto& word : plan.ends_sooner) early += fmt::format("{}\"{}\"", early.empty() ? "" : ", ", word);
  return fmt::format(
      "{{\"name\": \"{}\", \"points\": {}, \"trained_points\": {}, \"replicas\": {}, \"predictions\": {}, "
      "\"prediction_evaluations\": {}, \"core_seconds\": {:.6g}, \"longest_seconds\": {:.6g}, "
      "\"largest_bytes\": {:.6g}, \"ends_sooner\": [{}], \"groups\": {{{}}}, \"theories\": {{{}}}, \"regimes\": {}{}}}\n",
      scan.name(), plan.points, plan.trained_points, plan.replicas, plan.predictions, plan.prediction_draws,
      plan.core_seconds, plan.longest_seconds, plan.largest_bytes, early, groups, theories, regimes_json(plan.regimes),
      counts);
}

}  // namespace fieldscan::scan
