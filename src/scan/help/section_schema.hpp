#pragma once
#include "field_schema.hpp"

namespace fieldscan::scan {

// JSON schemas of the sections that make no points. They refer to the definitions "observable", "times" and "spacing".

std::string observable_schema();
std::string observe_schema();
std::string ensemble_schema();
std::string times_schema();
std::string theories_schema(FieldSchemas& book);
/// Numbers with equal steps, ratios …, instead of a list.
std::string spacing_schema();

/// A mapping of these keys and no others.
std::string mapping_schema(const std::vector<json::Member>& properties,
                           const std::vector<std::string_view>& required = {});
/// A schema with the page that `explain` has for a word.
std::string with_page(std::string_view word, const std::string& schema);
std::string one_or_list(const std::string& one);
/// A reference to a definition of that name.
std::string reference_to(std::string_view name);

}  // namespace fieldscan::scan
