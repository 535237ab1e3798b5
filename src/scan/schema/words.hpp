#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../text/report.hpp"

namespace fieldscan::scan {

/// A word of the language that this version knows but can not compute yet.
struct NotBuilt {
  std::string_view category;  ///< theory, input, target, trainer, field, test, define
  std::string_view word;
  std::string_view sentence;  ///< what it is
};
std::span<const NotBuilt> not_built();
const NotBuilt* find_not_built(std::string_view category, std::string_view word);

/// Words that other programs use for one of ours.
struct Synonym {
  std::string_view foreign, ours;
};
std::span<const Synonym> synonyms();

/// "did you mean 'width'?" over the candidates and the synonyms, or the list of what is allowed.
std::string suggestion(std::string_view word, std::span<const std::string_view> candidates,
                       std::string_view label = "allowed");

/// Says that a key is not known at its place: as known elsewhere, misspelt, or not built. `context` is the section's
/// path.
void unknown_key(Report& report, std::string_view key, Place place, const std::string& path,
                 std::span<const std::string_view> allowed);

/// The sections of a scan file, in the order in which they are usually written.
std::span<const std::string_view> section_names();

}  // namespace fieldscan::scan
