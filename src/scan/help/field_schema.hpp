#pragma once
#include <map>
#include <string>
#include <vector>

#include "../schema/schema.hpp"
#include "json.hpp"

namespace fieldscan::scan {

/// Whether a field that is required may be missing: an axis may give what a section leaves out.
enum class Missing : unsigned char { allowed, refused };

/// A number, or an expression that gives one.
std::string number_schema(const Range& range = {}, std::string_view type = "number");
std::string expression_schema();

/// JSON schemas of described fields, structures and choices, as the decoder reads them. What is large stands once, as a
/// definition.
class FieldSchemas {
 public:
  /// What a field takes, without its sentence.
  std::string value(const FieldInfo& field, const std::string& path, Missing missing);
  /// The fields of a structure, each with its sentence; `also`: further keys.
  std::string structure(const std::vector<FieldInfo>& fields, const std::string& path, Missing missing,
                        std::vector<json::Member> also = {});
  /// A word, a mapping with `kind`, or {kind: its first field}; `also`: keys beside those of every kind.
  std::string choice(const Schema& schema, const std::string& path, Missing missing,
                     const std::vector<json::Member>& also = {});
  /// A reference to a schema that is kept under a name like this one.
  std::string refer(const std::string& name, const std::string& schema);
  /// Keeps a schema under this name, for references to it.
  void keep(const std::string& name, std::string schema) { texts_[name] = std::move(schema); }
  /// All that is kept, one a line.
  std::string definitions() const;

 private:
  std::string kind(const KindInfo& kind, const std::string& path, Missing missing,
                   const std::vector<json::Member>& also);
  std::string shorthand(const KindInfo& kind, const std::string& path, Missing missing);
  std::string one_value(const Schema& schema, const std::string& path, Missing missing);

  std::map<std::string, std::string> names_;  ///< by text
  std::map<std::string, std::string> texts_;  ///< by name
};

}  // namespace fieldscan::scan
