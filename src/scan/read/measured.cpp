#include "measured.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "fieldscan/training/list.hpp"

namespace fieldscan::scan {
namespace {

bool needs(Observable observable, Need need) { return has_any(info(carrier_of(observable)).needs, need); }

/// Whether the target has components, and the test set as many points: fewer do not tell them apart.
bool has_shares(const data::Spec& spec) {
  const std::size_t components = data::mode_numbers(spec.target, spec.input).size();
  return components > 0 && components <= static_cast<std::size_t>(std::max(data::test_points(spec), 0));
}

/// Whether the data have what it is formed of.
bool data_have(Observable observable, const data::Spec& spec) {
  if (needs(observable, Need::train_outputs) && spec.train_size.is(data::TrainSizeWord::online)) return false;
  return observable != Observable::learnability || has_shares(spec);
}

/// Whether the number says anything: of chains that reject nothing the acceptance is 1, whatever they do.
template <class Trainer>
bool says(const Trainer& trainer, Observable observable) {
  if (!training::observes(trainer, carrier_of(observable))) return false;
  constexpr bool proposes = requires { trainer.target_acceptance; };
  return observable != Observable::acceptance || proposes;
}

/// The trainers that have it.
std::vector<std::string> trainers_with(Observable observable) {
  std::vector<std::string> kinds;
  for_each_kind<training::TrainerChoice>([&]<class Kind>() {
    Kind trainer;
    if constexpr (requires { trainer.loss; })
      if (needs(observable, Need::class_odds)) trainer.loss = training::LossFunction::cross_entropy;
    if (says(trainer, observable)) kinds.emplace_back(Kind::kind);
  });
  return kinds;
}

}  // namespace

Observable carrier_of(Observable observable) { return info(observable).formed_from.value_or(observable); }

bool is_measured(Observable observable, const PointSpec& spec) {
  if (!trains(spec)) return false;
  const ObservableInfo& about = info(observable);
  if (about.source == Source::ensemble && !about.formed_from) return true;  // a share of outcomes
  const bool said = std::visit([&](const auto& trainer) { return says(trainer, observable); }, spec.training);
  return said && data_have(observable, spec.data);
}

std::string how_to_measure(Observable observable) {
  if (observable == Observable::learnability)
    return fmt::format(
        "trainers that have it: {}, for a target with components (not labels or random weights), and at least as many "
        "test points",
        fmt::join(trainers_with(observable), ", "));
  std::string help = fmt::format("trainers that have it: {}", fmt::join(trainers_with(observable), ", "));
  if (observable == Observable::acceptance) help += "; langevin accepts every step";
  if (needs(observable, Need::train_outputs)) help += ", with a training set (train_size: online has none)";
  if (needs(observable, Need::class_odds)) help += ", with `loss: cross_entropy`";
  if (needs(observable, Need::least_squares)) help += ", with the square loss";
  if (needs(observable, Need::kernel))
    help += fmt::format("; at other times than the end: observe: [{{kind: {}, at: all}}]", word(observable));
  return help;
}

std::string observables_with(std::string_view dimension) {
  std::vector<std::string_view> names;
  for (const ObservableInfo& about : all_observables())
    if (about.form == Form::scalar && about.dimension.find(dimension) != std::string_view::npos)
      names.push_back(about.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace fieldscan::scan
