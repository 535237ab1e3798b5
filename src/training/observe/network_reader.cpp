#include "network_reader.hpp"

#include <algorithm>
#include <limits>

#include "decay_residual.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/network/empirical_kernel.hpp"
#include "kernel_numbers.hpp"

namespace fieldscan::training {

using enum Observable;

namespace {
constexpr Observable of_decay = listed("decay_residual");
}

NetworkReader::NetworkReader(const Problem& problem, const network::Network& network, const ObservePlan& plan,
                             const Vector* start)
    : problem_(problem), network_(network), plan_(plan) {
  for (const Observable observable : plan.observables) {
    const Need needs = info(observable).needs;
    if (has_any(needs, Need::pass)) add_pass(observable, start);
    if (!has_any(needs, Need::kernel) || (!start && has_any(needs, Need::initial))) continue;
    if (observable == hidden_kernel)
      hidden_.emplace(problem.data, plan.view_of(hidden_kernel));
    else
      add_kernel(observable, start);
  }
}

void NetworkReader::add_pass(Observable observable, const Vector* start) {
  const View view = plan_.view_of(observable);
  const auto same = std::ranges::find_if(passes_, [&](const Pass& pass) { return pass.probe.is_of(view); });
  if (same != passes_.end()) {
    same->plan.observables.push_back(observable);
    return;
  }
  Pass pass{.probe = Probe(problem_.data, view), .plan = {.observables = {observable}, .times = {}}, .offset = {}};
  if (pass.probe.sample().x.rows() == 0) return;
  if (start && network_.spec().centred) pass.offset = network_.evaluate(*start, pass.probe.sample().x);
  passes_.push_back(std::move(pass));
}

void NetworkReader::add_kernel(Observable observable, const Vector* start) {
  View view = plan_.view_of(observable);
  if (observable == nngp_empirical || observable == of_decay || is_beside_nngp(observable))
    view.kernel = EmpiricalKernel::nngp;
  const Need needs = info(observable).needs;
  if (has_any(needs, Need::least_squares) && problem_.loss != LossFunction::square) return;
  if (has_any(needs, Need::training_points) && (problem_.data.train.x.rows() == 0 || problem_.data.test.x.rows() == 0))
    return;
  auto kernel = std::ranges::find_if(
      kernels_, [&](const Kernel& other) { return other.kind == view.kernel && other.probe.is_of(view); });
  if (kernel == kernels_.end()) {
    Probe probe(problem_.data, view);
    if (probe.sample().x.rows() == 0) return;
    kernel = kernels_.insert(kernels_.end(),
                             Kernel{.kind = view.kernel, .probe = std::move(probe), .views = {}, .initial = {}});
  }
  kernel->views.push_back(view);
  if (has_any(needs, Need::initial)) kernel->initial = form(*kernel, *start);
}

Matrix NetworkReader::form(const Kernel& kernel, const VectorView& theta) const {
  return kernel.kind == EmpiricalKernel::ntk ? network::empirical_ntk(network_, theta, kernel.probe.sample().x)
                                             : network::empirical_nngp(network_, theta, kernel.probe.sample().x);
}

void NetworkReader::read(const Vector& theta, Moment moment, std::vector<Reading>& numbers,
                         std::vector<Array>& matrices) const {
  for (const Pass& pass : passes_) read_pass(pass, theta, numbers);
  if (!theta.allFinite()) return;
  for (const Kernel& kernel : kernels_) read_kernel(kernel, theta, moment, numbers, matrices);
  if (hidden_ && (moment == Moment::end || plan_.view_of(hidden_kernel).moments == Moments::all))
    read_hidden(theta, matrices);
}

void NetworkReader::read_pass(const Pass& pass, const Vector& theta, std::vector<Reading>& numbers) const {
  const data::Sample& sample = pass.probe.sample();
  auto work = network_.workspace(sample.x.rows());
  Vector outputs(sample.x.rows() * network_.outputs());
  network_.forward_for_gradient(theta, sample.x, work, outputs);
  if (pass.offset.size() > 0) outputs -= pass.offset;
  read_network(network_, theta, sample, outputs, work, pass.plan, numbers, problem_.loss);
}

void NetworkReader::read_kernel(const Kernel& group, const Vector& theta, Moment moment, std::vector<Reading>& numbers,
                                std::vector<Array>& matrices) const {
  const auto wanted = [&](Observable observable) {
    return std::ranges::any_of(group.views, [&](const View& view) {
      return view.observable == observable && (moment == Moment::end || view.moments == Moments::all);
    });
  };
  if (std::ranges::none_of(group.views, [&](const View& view) { return wanted(view.observable); })) return;
  Matrix kernel = form(group, theta);
  if (!kernel.allFinite()) {
    numbers.push_back({group.views.front().observable, 0, std::numeric_limits<double>::quiet_NaN()});
    return;
  }
  const data::Sample& sample = group.probe.sample();
  for (const Observable observable : {nngp_empirical, ntk_empirical})
    if (wanted(observable)) matrices.push_back(kernel_array(observable, {kernel}));
  // Under its name, and that of the NNGP kernel beside the NTK.
  const auto each = [&](Observable number, const auto& add) {
    for (const Observable name : {number, *beside_nngp(number)})
      if (wanted(name)) add(name);
  };
  each(alignment, [&](Observable name) { numbers.push_back({name, 0, kernel_alignment(kernel, sample.label)}); });
  each(kernel_change, [&](Observable name) { numbers.push_back({name, 0, relative_change(kernel, group.initial)}); });
  each(error_after_kernel, [&](Observable name) {
    const data::Sample& test = problem_.data.test;
    const Matrix weights = regression_weights(kernel, sample.label, problem_.ridge);
    const auto times = group.kind == EmpiricalKernel::ntk ? network::ntk_times : network::nngp_times;
    double square = 0;
    for (Index c = 0; c < weights.cols(); ++c)
      square += (times(network_, theta, test.x, sample.x, weights.col(c)) - test.target.col(c)).squaredNorm();
    numbers.push_back({name, 0, square / static_cast<double>(test.target.rows())});
  });
  if (wanted(of_decay))
    numbers.push_back({of_decay, 0, decay_residual(network_, theta, sample, kernel, problem_.ridge)});
  each(spectrum, [&](Observable name) { read_spectrum(kernel, name, numbers); });
}

void NetworkReader::read_hidden(const Vector& theta, std::vector<Array>& matrices) const {
  matrices.push_back(kernel_array(hidden_kernel, network::hidden_kernels(network_, theta, hidden_->sample().x)));
}

}  // namespace fieldscan::training
