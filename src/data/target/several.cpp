#include "fieldscan/data/target/several.hpp"

namespace fieldscan::data {

Values Several::Function::operator()(const Examples& examples) const {
  Values values{.total = Matrix(examples.x.rows(), 0), .modes = Matrix(examples.x.rows(), 0)};
  for (const auto& part : parts) {
    const Matrix own = std::visit([&](const auto& function) { return function(examples).total; }, part);
    values.total.conservativeResize(own.rows(), values.total.cols() + own.cols());
    values.total.rightCols(own.cols()) = own;
  }
  return values;
}

Several::Function Several::function(const Domain& domain, const TargetKey& key) const {
  Function all;
  for (std::size_t k = 0; k < of.size(); ++k) {
    TargetKey own = key;
    own.part = k;
    std::visit([&](const auto& target) { all.parts.emplace_back(target.function(domain, own)); }, of[k]);
  }
  return all;
}

}  // namespace fieldscan::data

template struct fieldscan::OneOf<fieldscan::data::PartList>;
