#include "fieldscan/data/input/list.hpp"

#include <cassert>

#include "../file/read.hpp"

namespace fieldscan::data {

static_assert(Distribution<Sphere> && Distribution<Gaussian> && Distribution<Hypercube> && Input<File>);
static_assert(Enumerable<Hypercube> && Enumerable<ModularPairs>);

int dimension_of(const InputChoice& input) {
  return std::visit([](const auto& member) { return member.dimension(); }, input);
}

double set_size(const InputChoice& input) {
  return std::visit(
      []<class I>(const I& member) -> double {
        if constexpr (Enumerable<I>)
          return member.set_size();
        else
          return 0;
      },
      input);
}

Matrix set_members(const InputChoice& input, std::span<const Index> numbers) {
  return std::visit(
      [&]<class I>(const I& member) -> Matrix {
        if constexpr (Enumerable<I>) return member.members(numbers);
        assert(false && "no finite set");
        return {};
      },
      input);
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

template struct fieldscan::OneOf<fieldscan::data::InputList>;
