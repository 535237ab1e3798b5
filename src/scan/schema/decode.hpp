#pragma once
#include <string>
#include <vector>

#include <map>
#include <span>

#include "../text/report.hpp"
#include "../text/tree.hpp"
#include "deferred.hpp"

namespace fieldscan::scan {

/// Reads trees into described structs, collecting expressions that have to wait for a point.
class Decoder {
 public:
  Decoder(Report& report, std::vector<Deferred>& deferred) : report_(report), deferred_(deferred) {}

  /// Keys in `also` are left to the caller.
  void structure(const Node& node, const std::vector<FieldInfo>& fields, void* object, const std::string& path,
                 std::span<const std::string_view> also = {});
  void field(const Node& node, const FieldInfo& info, void* value, const std::string& path);
  /// `category` names the choice in messages and in the table of what is not built: input, target, trainer, theory …
  void choice(const Node& node, const Schema& schema, void* value, const std::string& path,
              std::span<const std::string_view> also = {});

 private:
  void number(const Node& node, const FieldInfo& info, void* value, const std::string& path, int element = -1);
  void list(const Node& node, const FieldInfo& info, void* value, const std::string& path);
  void lists(const Node& node, const FieldInfo& info, void* value, const std::string& path);
  void choices(const Node& node, const FieldInfo& info, void* value, const std::string& path);
  void texts(const Node& node, const FieldInfo& info, void* value, const std::string& path);
  void powers(const Node& node, const FieldInfo& info, void* value, const std::string& path);
  void scalar(const Node& node, const FieldInfo& info, void* value, const std::string& path);
  void one_value(const Node& node, const Schema& schema, void* object, const std::string& path);
  void kind(const Node& node, std::string_view word, Place place, const Schema& schema, void* value,
            const std::string& path, std::span<const std::string_view> also);
  void shorthand(const Node& node, const Schema& schema, void* value, const std::string& path);
  void unknown_kind(std::string_view word, Place place, const Schema& schema, const std::string& path);
  void wrong_type(const Node& node, const FieldInfo& info, const std::string& path);

  Report& report_;
  std::vector<Deferred>& deferred_;
};

/// "input", "target", "trainer", "activation", "theory", … for the path of a choice.
std::string_view category_of(const std::string& path);

/// Whether a number may stand in a field: whole where it must be, and in range.
bool fits(const FieldInfo& info, double value);

/// Checks a number against a field: whole where it must be, and in range. Nothing where it fits.
struct ValueProblem {
  std::string code, message, help;
};
std::optional<ValueProblem> value_problem(const FieldInfo& info, double value, const std::string& shown);

}  // namespace fieldscan::scan
