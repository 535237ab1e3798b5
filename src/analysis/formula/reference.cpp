#include "reference.hpp"

namespace fieldscan::analysis {

ReferenceFormula reference_of(const Context& context, const scan::Mentions& of, const std::string& with) {
  if (is_theory(*context.table, with)) return {as_predicted(of, with), with};
  return {context.resolve(with), ""};
}

}  // namespace fieldscan::analysis
