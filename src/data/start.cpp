#include "fieldscan/data/start.hpp"

#include "fieldscan/network/initial.hpp"

namespace fieldscan::data {

bool starts_along_labels(const network::Spec& spec) {
  const network::InitialHidden& hidden = spec.initial.hidden;
  return hidden.law == network::HiddenLaw::balanced && hidden.direction == network::StartDirection::labels;
}

Vector starting_point(const network::Network& network, const Draw& draw, std::uint64_t seed,
                      std::int64_t initialisation) {
  const Stream stream = network::initial_stream(seed, initialisation);
  if (!starts_along_labels(network.spec())) return network.initial(stream);
  return network.initial(stream, draw.train.x.transpose() * one_output(draw.train.label));
}

}  // namespace fieldscan::data
