#include "groups.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cost.hpp"
#include "fieldscan/scan/task/run_task.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"
#include "row_kernels.hpp"

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

}  // namespace

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

namespace {

/// tr K/P: every input has |x|² = d, but for files that are not scaled to it; convolutional networks see parts of it.
double kernel_per_point(const PointSpec& spec, const network::KernelScale& scale, RowKernels& kernels) {
  const auto* file = std::get_if<data::File>(&spec.data.input);
  const bool equal = !file || file->scaling == data::Scaling::dimension;
  if (equal && !is_convolutional(spec.network.architecture)) return scale.nngp;
  return kernels.mean_diagonal(spec);
}

}  // namespace

struct Groups::Memory {
  KernelMemory kernels;
  RowKernels rows;
};

Groups::Groups() : groups_(empty_groups()), memory_(std::make_unique<Memory>()) {}
Groups::~Groups() = default;

void Groups::add(const PointSpec& spec) {
  const Sizes s = sizes_of(spec);
  const network::KernelScale& k = memory_->kernels.of(spec, s);
  const double width = network::last_width(spec.network), chi = spec.network.chi;
  if (trains(spec) && s.train > 0) widen(groups_[0], s.train / width);
  if (s.train > 0) widen(groups_[1], s.train / s.dimension);
  if (trains(spec)) widen(groups_[2], width / chi);
  if (trains(spec)) widen(groups_[3], chi * spec.network.readout_variance / width);
  widen(groups_[4], spec.ridge / kernel_per_point(spec, k, memory_->rows));
  if (training::is_sampler(spec.training)) widen(groups_[5], spec.ridge / chi);
  const auto step = training::step_of(spec.training, training_setting(spec), s, k);
  if (!step) return;
  const bool noise = step->of == training::StepSize::Of::noise;
  if (!noise) widen(groups_[6], step->size * k.top(s.train, s.dimension) / chi);
  widen(groups_[noise ? 8 : 7], step->size / step->largest);
}

std::vector<Group> Groups::found() const {
  std::vector<Group> out = groups_;
  std::erase_if(out, [](const Group& group) { return !(group.low <= group.high); });
  return out;
}

}  // namespace fieldscan::scan
