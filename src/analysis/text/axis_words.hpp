#pragma once
#include <span>
#include <string>
#include <string_view>

/// What stands at the axes of figures, in the words and symbols of docs/glossary.md.
namespace fieldscan::analysis {

/// A field, dimension or observable beside its words and its symbol; either may be empty.
struct AxisWord {
  std::string_view name, words, symbol;
};
std::span<const AxisWord> axis_word_list();

/// A formula at an axis: "width" → "width N", "error_test" → "test error ⟨(f − g)²⟩", "nngp.error_test" → the same "of
/// nngp", "deviation(nngp)" → "distance from nngp", and of expressions the fields by their symbols:
/// "train_size/width" → "P/N". What is not in the list stays as it is.
std::string axis_words(const std::string& formula);

/// The values of a group or panel: "width = 64, learning_rate = 0.0316228" → "N = 64, η = 0.0316".
std::string label_words(const std::string& label);
/// A value of an axis with three digits where it has more than five letters.
std::string short_value(const std::string& value);

}  // namespace fieldscan::analysis
