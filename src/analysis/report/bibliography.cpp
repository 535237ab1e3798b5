#include "bibliography.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "../text/readable.hpp"
#include "fieldscan/core/build.hpp"
#include "fieldscan/theory/predict.hpp"
#include "titles.hpp"

namespace fieldscan::analysis {

namespace bibliography {
namespace {

std::vector<std::string> split(std::string_view text, std::string_view at) {
  std::vector<std::string> parts;
  for (;;) {
    const auto cut = text.find(at);
    parts.emplace_back(text.substr(0, cut));
    if (cut == std::string_view::npos) return parts;
    text.remove_prefix(cut + at.size());
  }
}

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// "A. van Meegen": an initial, its point, more; and not "J. Phys. A 28".
bool is_author(std::string_view text) {
  return text.size() > 3 && std::isupper(static_cast<unsigned char>(text[0])) != 0 && text[1] == '.' &&
         std::ranges::none_of(text, is_digit);
}

/// Takes "(2018)" and what follows it out of a text; or reads the year from "arXiv:2309.04522", which stays. Empty
/// where there is none. What follows goes into `remark`: a chapter, what is taken of a work.
std::string take_year(std::string& text, std::string& remark) {
  for (std::size_t k = 0; k + 6 <= text.size(); ++k)
    if (text[k] == '(' && text[k + 5] == ')' &&
        std::all_of(text.begin() + static_cast<std::ptrdiff_t>(k) + 1,
                    text.begin() + static_cast<std::ptrdiff_t>(k) + 5, is_digit)) {
      const std::string year = text.substr(k + 1, 4);
      remark = text.substr(std::min(text.size(), text.find_first_not_of(", ", k + 6)));
      text.erase(k > 0 && text[k - 1] == ' ' ? k - 1 : k);
      return year;
    }
  constexpr std::string_view preprint = "arXiv:";
  const auto at = text.find(preprint);
  const bool dated =
      at != std::string::npos && at + preprint.size() + 2 <= text.size() && is_digit(text[at + preprint.size()]);
  return dated ? "20" + text.substr(at + preprint.size(), 2) : "";
}

/// The last name in small letters of ASCII.
std::string key_of(const std::string& author, const std::string& year) {
  std::string name = author.substr(0, author.find(" et al"));
  name = name.substr(name.rfind(' ') + 1);
  std::string key;
  for (const char c : name)
    if (std::isalpha(static_cast<unsigned char>(c)) != 0 && static_cast<unsigned char>(c) < 0x80)
      key += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return key + year;
}

/// "Deep information propagation", and not "Physical Review E 52".
bool is_title(const std::string& text) {
  return std::ranges::count(text, ' ') >= 2 && std::ranges::none_of(text, is_digit);
}

/// "the word: AUTHORS …", "the theory of AUTHORS …" → "AUTHORS …".
std::string without_prefix(const std::string& text) {
  for (std::size_t k = 0; k != std::string::npos; k = text.find(' ', k + 1)) {
    const std::size_t begin = k == 0 ? 0 : k + 1;
    const std::string_view rest = std::string_view(text).substr(begin);
    if (is_author(rest.substr(0, rest.find_first_of(",(")))) return text.substr(begin);
  }
  return text;
}

std::string entry_of(const Work& work) {
  std::string text = fmt::format("@misc{{{},\n  author = {{{}}},\n", work.key, work.authors);
  if (!work.title.empty()) text += fmt::format("  title = {{{}}},\n", work.title);
  if (!work.venue.empty()) text += fmt::format("  howpublished = {{{}}},\n", work.venue);
  if (!work.remark.empty()) text += fmt::format("  note = {{{}}},\n", work.remark);
  return text + fmt::format("  year = {{{}}}\n}}\n", work.year);
}

/// The program itself, as CITATION.cff has it.
std::string program_entry() {
  return fmt::format(
      "@misc{{fieldscan,\n  author = {{{{The fieldscan authors}}}},\n  title = {{{}}},\n  note = {{version {}}}\n}}\n",
      program_title, build::version());
}

/// A text within braces: those of its own would end the field.
std::string in_braces(const std::string& text) {
  std::string out;
  for (const char c : one_line(text))
    if (c != '{' && c != '}') out += c;
  return out;
}

}  // namespace
}  // namespace bibliography

std::vector<Work> works_in(std::string_view source) {
  using namespace bibliography;
  std::vector<Work> works;
  for (const std::string& part : split(source, "; ")) {
    std::string text = without_prefix(part);
    Work work;
    work.year = take_year(text, work.remark);
    bool of_authors = true;
    std::string first;
    for (const std::string& word : split(text, ", ")) {
      of_authors = of_authors && is_author(word);
      if (of_authors) {
        const bool more = word.ends_with(" et al.");
        const std::string author = more ? word.substr(0, word.size() - 7) : word;
        if (first.empty()) first = author;
        work.authors += (work.authors.empty() ? "" : " and ") + author + (more ? " and others" : "");
      } else if (work.title.empty() && work.venue.empty() && is_title(word)) {
        work.title = word;
      } else {
        work.venue += (work.venue.empty() ? "" : ", ") + word;
      }
    }
    if (work.authors.empty() || work.year.empty()) continue;
    if (work.title.empty()) work.title = title_of(work);
    work.key = key_of(first, work.year);
    works.push_back(std::move(work));
  }
  return works;
}

std::string bibliography_of(const scan::Scan& scan, const Table& table) {
  std::set<std::string_view> kinds;
  for (const TablePoint& point : table.points)
    for (const scan::TheoryUse& use : point.point.theories) kinds.insert(theory::kind_of(use.theory));
  std::map<std::string, std::vector<Work>> by_key;
  for (const theory::About& about : theory::all_theories()) {
    if (!kinds.contains(about.kind)) continue;
    for (Work& work : works_in(about.card.source)) {
      std::vector<Work>& same = by_key[work.key];
      // Of a work that two cards name for different parts of it the first.
      const auto is_same = [&](const Work& other) {
        return other.title == work.title && other.authors == work.authors;
      };
      if (std::ranges::none_of(same, is_same)) same.push_back(std::move(work));
    }
  }
  std::string text =
      "% Theories that this scan computes, as their cards name their sources, the program, and its files of data.\n";
  for (auto& [key, works] : by_key)
    for (std::size_t k = 0; k < works.size(); ++k) {
      if (k > 0) works[k].key += static_cast<char>('a' + k);  // jacot2018, jacot2018b
      text += bibliography::entry_of(works[k]);
    }
  text += bibliography::program_entry();
  std::size_t files = 0;
  for (const auto& file : scan.data_files())
    text += fmt::format("@misc{{data{},\n  title = {{{}}},\n  note = {{XXH3 of the content {}}}\n}}\n", ++files,
                        bibliography::in_braces(file->path), file->content);
  return text;
}

}  // namespace fieldscan::analysis
