#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "../expression/constant.hpp"
#include "../schema/decode.hpp"
#include "../schema/point_schema.hpp"
#include "../text/number.hpp"
#include "block_parts.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/text.hpp"
#include "variant.hpp"

namespace fieldscan::scan {
namespace {

constexpr std::uint64_t most_variants = 20000;
constexpr double most_points = 2e6;
constexpr double most_decoded = 2e7;  ///< values of the file, times the variants for each of which they are read

class VariantMaker {
 public:
  VariantMaker(BlockParts& parts, Reading& reading) : parts_(parts), out_(parts.block), reading_(reading) {}

  void run() {
    std::uint64_t count = 1;
    double all = 1;
    for (std::size_t d = 0; d < out_.sizes.size(); ++d) {
      if (out_.sizes[d] == 0) return;
      all *= static_cast<double>(out_.sizes[d]);
      if (out_.structural[d]) count = std::min(count * out_.sizes[d], std::uint64_t{1} << 40);
    }
    if (!few_enough(static_cast<double>(count), all)) return;
    std::size_t failed = 0;
    for (std::uint64_t number = 0; number < count && failed < 40; ++number) {
      Report own;
      auto variant = make_one(number, own);
      reading_.report.take(own);
      if (variant)
        out_.variants.push_back(std::move(*variant));
      else
        ++failed;
    }
    if (failed > 0) out_.variants.clear();
  }

 private:
  /// Whether this block and those before it can be checked in full; says how many combinations there are.
  bool few_enough(double variants, double all) {
    reading_.points += all;
    reading_.variants += variants;
    const auto error = [&](const std::string& message, const std::string& help) {
      reading_.report.error("FS0220", out_.place, "scan", message, help);
      return false;
    };
    if (!(reading_.points <= most_points))
      return error(fmt::format("too many combinations along the axes: {:.10g}", reading_.points),
                   fmt::format("at most {:.0f}; name fewer values", most_points));
    const double values = static_cast<double>(count_nodes(parts_.tree));
    if (!(reading_.variants <= most_variants) || !(variants * values <= most_decoded))
      return error(
          fmt::format("too many combinations of choices, lists and expressions along the axes: {:.10g}, in sections of "
                      "{:.0f} values",
                      reading_.variants, values),
          fmt::format("at most {}, or {:.0f} values in all; put expressions into the sections, where they hold "
                      "for all points, or name fewer values",
                      most_variants, most_decoded));
    return true;
  }

  std::vector<std::uint32_t> digits_of(std::uint64_t number) const {
    std::vector<std::uint32_t> digits(out_.sizes.size(), 0);
    for (std::size_t d = out_.sizes.size(); d-- > 0;) {
      if (!out_.structural[d]) continue;
      digits[d] = static_cast<std::uint32_t>(number % out_.sizes[d]);
      number /= out_.sizes[d];
    }
    return digits;
  }

  /// Nothing where `report` has got an error.
  std::optional<Variant> make_one(std::uint64_t number, Report& report) {
    const auto digits = digits_of(number);
    const Node tree = parts_.tree;
    const auto variables = parts_.variables;
    VariantParts parts;
    for (const auto& axis : out_.axes) {
      if (digits[axis.dimension] >= axis.entries.size()) return std::nullopt;
      parts.positions.push_back(digits[axis.dimension]);
      parts_.set(axis.path, axis.entries[digits[axis.dimension]].node, axis.place, report);
    }
    Decoder(report, parts.deferred).structure(parts_.tree, point_schema().fields, &parts.spec, "");
    decode_variables(parts, report);
    note_places(parts_.tree, "", 3, parts.places);
    if (number == 0) check_all_scalars(parts.spec, report);
    parts.where = parts_.where;
    parts_.tree = tree;
    parts_.variables = variables;
    if (report.error_count() > 0 || !resolve_file(parts, report)) return std::nullopt;
    return make_variant(std::move(parts), out_.axes, report, reading_.used);
  }

  /// The values of an axis that are only written into copies: each against its field.
  void check_all_scalars(PointSpec& spec, Report& report) const {
    for (const auto& axis : out_.axes) {
      const Located place = parts_.is_variable(axis.path) ? Located{} : locate(point_schema(), &spec, axis.path);
      if (!place || axis.structural) continue;
      for (const auto& entry : axis.entries)
        if (const double* number = std::get_if<double>(&entry.value)) {
          if (const auto problem = value_problem(*place.field, *number, shortest(*number)))
            report.error(problem->code.c_str(), entry.node.place, axis.path, problem->message, problem->help);
        }
    }
  }

  void decode_variables(VariantParts& parts, Report& report) const {
    for (const auto& [name, node] : parts_.variables) {
      parts.variable_names.push_back(name);
      if (node.is_plain())
        if (const auto number = parse_number(node.text)) {
          parts.variables.emplace_back(name, *number);
          continue;
        }
      const auto expression = compile(node, Scope::point, report, name);
      if (expression) parts.deferred.push_back({name, nullptr, -1, *expression, node.place});
    }
  }

  /// Of the sections and what stands in them.
  static void note_places(const Node& node, const std::string& path, int depth, std::map<std::string, Place>& places) {
    for (const Entry& entry : node.entries) {
      const std::string inner = path.empty() ? entry.key : path + "." + entry.key;
      places.emplace(inner, entry.value.place);
      if (depth > 1) note_places(entry.value, inner, depth - 1, places);
    }
  }

  /// Looks at a file once, for its content and sizes.
  bool resolve_file(VariantParts& parts, Report& report) {
    auto* file = std::get_if<data::File>(&parts.spec.data.input);
    if (!file) return true;
    if ((file->facts = data::find_file(reading_.files, file->path, file->header))) return true;
    const std::string key = fmt::format("{}\n{}", file->path, word(file->header));
    if (reading_.unreadable.contains(key)) return false;
    try {
      file->facts = data::find_file(reading_.known, file->path, file->header);
      if (!file->facts) {
        warn_of_two_places(*file, parts, report);
        data::resolve(parts.spec.data.input, reading_.folder);
      }
      reading_.files.push_back(file->facts);
      return true;
    } catch (const EnvironmentError& error) {
      reading_.unreadable.insert(key);
      report.error("FS0311", path_place(parts), "data.input.path", error.what(), "");
      return false;
    }
  }

  static Place path_place(const VariantParts& parts) {
    const auto place = parts.places.find("data.input.path");
    return (place == parts.places.end() ? parts.places.find("data.input") : place)->second;
  }

  void warn_of_two_places(const data::File& file, const VariantParts& parts, Report& report) const {
    namespace fs = std::filesystem;
    std::error_code error;
    const fs::path beside = data::locate(file.path, reading_.folder);
    if (fs::path(file.path).is_absolute() || !fs::exists(file.path, error) ||
        fs::equivalent(beside, file.path, error) || error)
      return;
    report.warning(
        "FS0612", path_place(parts), "data.input.path",
        fmt::format("'{}' is in the folder of the scan file and in the current one, and these are two; taken is {}",
                    file.path, beside.string()),
        "write the path in full");
  }

  BlockParts& parts_;
  Block& out_;
  Reading& reading_;
};

}  // namespace

bool BlockParts::is_variable(std::string_view path) const {
  return std::ranges::find(variables, path, &std::pair<std::string, Node>::first) != variables.end();
}

void BlockParts::set_variable(const std::string& name, const Node& value) {
  const auto found = std::ranges::find(variables, name, &std::pair<std::string, Node>::first);
  if (found == variables.end())
    variables.emplace_back(name, value);
  else
    found->second = value;
}

void BlockParts::set(const std::string& path, const Node& value, Place place, Report& report) {
  if (is_variable(path)) return set_variable(path, value);
  if (!put(tree, path, value, place))
    report.error("FS0211", place, path,
                 fmt::format("'{}' can not be set: what stands before its last part is not a mapping", path));
}

void make_variants(BlockParts& parts, Reading& reading) { VariantMaker(parts, reading).run(); }

}  // namespace fieldscan::scan
