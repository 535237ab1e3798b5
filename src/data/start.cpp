#include "fieldscan/data/start.hpp"

#include "fieldscan/network/initial.hpp"

namespace fieldscan::data {

Vector starting_point(const network::Network& network, const Draw& draw, std::uint64_t seed,
                      std::int64_t initialisation) {
  const Stream stream = network::initial_stream(seed, initialisation);
  const network::InitialHidden& hidden = network.spec().initial.hidden;
  if (hidden.law != network::HiddenLaw::balanced || hidden.direction != network::StartDirection::labels)
    return network.initial(stream);
  return network.initial(stream, draw.train.x.transpose() * one_output(draw.train.label));
}

}  // namespace fieldscan::data
