#include "fieldscan/data/input/list.hpp"

#include "../file/read.hpp"

namespace fieldscan::data {

static_assert(Distribution<Sphere> && Distribution<Gaussian> && Distribution<Hypercube> && Input<File>);

int dimension_of(const InputChoice& input) {
  return std::visit([](const auto& member) { return member.dimension(); }, input);
}

bool is_isotropic(const InputChoice& input) {
  const auto* gaussian = std::get_if<Gaussian>(&input);
  return std::holds_alternative<Sphere>(input) || (gaussian && gaussian->isotropic());
}

void resolve(InputChoice& input, const std::filesystem::path& folder) {
  auto* file = std::get_if<File>(&input);
  if (file && !file->known())
    file->facts = std::make_shared<const FileFacts>(read_facts(file->path, file->header, locate(file->path, folder)));
}

}  // namespace fieldscan::data
