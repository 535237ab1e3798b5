#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fieldscan/core/field.hpp"
#include "fieldscan/scan/expression/expression.hpp"

/// The fields of described structs as plain data: what decoding, axes, names and `explain` walk at run time. One
/// template builds it from `fields()`; nothing below it is a template.
namespace fieldscan::scan {

enum class Type {
  boolean,
  integer,
  long_integer,
  number,
  text,
  word,
  integer_or_word,
  number_or_word,
  integer_per_layer,
  number_per_layer,
  optional_integer,
  optional_long_integer,
  optional_number,
  integers,
  long_integers,
  numbers,
  texts,
  integer_lists,  ///< std::vector<std::vector<int>>
  powers,         ///< std::map<int, double>
  structure,
  choice,
  choices,  ///< a std::vector of a choice
};

struct FieldInfo;

/// One member of a choice.
struct KindInfo {
  std::string_view kind, summary = {};
  int revision = 0;
  std::vector<FieldInfo> fields;
  std::optional<std::string> (*problem)(const void*) = nullptr;
};

struct Schema {
  Type type = Type::number;
  std::vector<std::string_view> words = {};  ///< of word and …_or_word
  std::vector<FieldInfo> fields;             ///< of a structure
  bool in_one_value = false;         ///< of a structure: a word or number alone is the first field that takes it
  std::vector<KindInfo> kinds;       ///< of a choice
  std::vector<Schema> element = {};  ///< one: of choices
  std::optional<std::string> (*problem)(const void*) = nullptr;

  // Access to a value of the described type behind a void pointer, where its C++ type is not one of a fixed few.
  int (*get_word)(const void*) = nullptr;  ///< position in words; −1: it holds a number
  void (*set_word)(void*, int) = nullptr;
  double (*get_number)(const void*) = nullptr;  ///< of …_or_word
  void (*set_number)(void*, double) = nullptr;
  int (*kind_index)(const void*) = nullptr;
  void* (*emplace)(void*, int) = nullptr;  ///< makes a choice hold the default of a kind; its member
  void* (*member)(void*) = nullptr;
  void (*clear)(void*) = nullptr;    ///< of choices
  void* (*append)(void*) = nullptr;  ///< a default one; where it lies
  std::vector<void*> (*each)(void*) = nullptr;

  bool is_choice() const { return type == Type::choice; }
  bool is_structure() const { return type == Type::structure; }
  bool takes_integer() const;
};

/// What a field says of itself, whatever its type.
struct FieldWords {
  std::string_view name, sentence, unit = {};
  Range range = {};
  Presence presence = Presence::optional;
  Identity identity = Identity::part;
};

struct FieldInfo : FieldWords {
  std::ptrdiff_t offset = 0;  ///< of the member in its struct, bytes
  Schema schema = {};
  std::string default_text = {};  ///< as it would be written in a file; empty for structures and choices

  void* at(void* object) const { return static_cast<char*>(object) + offset; }
};

/// Appends a field, a kind, of which nothing else is known yet.
FieldInfo& add_field(std::vector<FieldInfo>& list, const FieldWords& words, std::ptrdiff_t offset);
KindInfo& add_kind(std::vector<KindInfo>& list, std::string_view kind, std::string_view summary, int revision,
                   std::optional<std::string> (*problem)(const void*));

/// A field of a particular object.
struct Located {
  const FieldInfo* field = nullptr;
  void* value = nullptr;
  explicit operator bool() const { return field != nullptr; }
};

/// The fields in force below a value: of a structure its own, of a choice those of the kind it holds.
struct Fields {
  const std::vector<FieldInfo>* fields = nullptr;
  void* object = nullptr;
};
Fields fields_of(const Schema& schema, void* value);

/// The field at a dotted path below an object; empty where the object, as it is now, has none.
Located locate(const Schema& schema, void* object, std::string_view path);

/// Calls visit(path, field, value) for every field below an object, parents before children.
void for_each(const Schema& schema, void* object, const std::string& prefix,
              const std::function<void(const std::string&, const FieldInfo&, void*)>& visit);

/// The number or word that names stand for; nullopt for lists, maps, structures and values that are not set.
std::optional<AxisValue> read(const Schema& schema, const void* value);
/// Writes a number into a field that takes one. element ≥ 0: the entry of a list at that position; for `powers` the
/// key.
void write_number(const Schema& schema, void* value, double number, int element = -1);
/// Writes one of the words of a word field.
void write_word(const Schema& schema, void* value, int word);
bool takes_number(const Schema& schema);
bool takes_word(const Schema& schema);

/// The first problem that any described struct below an object has with itself, with the path of that struct.
struct Problem {
  std::string path, text;
};
std::optional<Problem> first_problem(const Schema& schema, void* object, const std::string& path);

/// "a whole number, at least 1", "one of initial, zero": what a field takes.
std::string expectation(const Schema& schema, const Range& range);

}  // namespace fieldscan::scan
