#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// JSON as text, put together from its pieces.
namespace fieldscan::scan::json {

using Member = std::pair<std::string_view, std::string>;

/// {"type": "string"}; members without a text are left out.
std::string object(const std::vector<Member>& members);
std::string list(const std::vector<std::string>& items);
/// A list of strings.
std::string texts(const std::vector<std::string_view>& items);
/// {"type": name}.
std::string typed(std::string_view name);
std::string array_of(const std::string& items);
/// One of these, or what fits several.
std::string any_of(std::vector<std::string> alternatives);
/// A schema with a sentence that editors show; without one as it is.
std::string described(std::string_view sentence, const std::string& schema);
/// One of a few words, each with its sentence.
std::string one_word(const std::vector<std::pair<std::string_view, std::string_view>>& words);

}  // namespace fieldscan::scan::json
