#pragma once
#include <span>
#include <string>
#include <string_view>

namespace fieldscan::scan {

struct FieldInfo;
/// What a field is and takes: its sentence, and on a second line its values, default and unit.
std::string field_page(const FieldInfo& field);

/// What an error code means, with a wrong and a right example.
struct CodePage {
  std::string_view code, title, text, wrong, right;
};
std::span<const CodePage> code_pages();

/// A symbol of the papers, all its spellings, and what it is called here.
struct SymbolPage {
  std::string_view spellings;  ///< separated by spaces
  std::string_view text;
};
std::span<const SymbolPage> symbol_pages();

/// A word of the scan language that is no field: a section, a key of a block, a statement.
struct WordPage {
  std::string_view word, text;
  std::string_view example = {};  ///< how it is written
};
std::span<const WordPage> word_pages();
/// What is no single key: parameterisations, phenomena, and where they are measured.
std::span<const WordPage> concept_pages();
/// Words of verdicts, maps and tables: supported, open, flag …
std::span<const WordPage> verdict_pages();
/// What the program writes: tables, JSON, the report.
std::span<const WordPage> output_pages();
/// The keys of axes, definitions, tests and figures.
std::span<const WordPage> statement_pages();
/// The page of a word or key, of either list; empty where there is none.
std::string_view page_of(std::string_view word);

}  // namespace fieldscan::scan
