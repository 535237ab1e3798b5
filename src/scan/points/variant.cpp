#include "variant.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../expression/condition.hpp"
#include "../schema/point_schema.hpp"
#include "../schema/words.hpp"
#include "../text/number.hpp"
#include "fieldscan/core/text.hpp"

namespace fieldscan::scan {
namespace {

constexpr std::array<std::string_view, section_count> section_prefixes{"data",  "network", "precision",
                                                                       "ridge", "seed",    "training"};

std::string_view short_path(std::string_view path) { return path.substr(path.rfind('.') + 1); }

std::size_t section_of(std::string_view path) {
  const auto first = path.substr(0, path.find('.'));
  return static_cast<std::size_t>(std::ranges::find(section_prefixes, first) - section_prefixes.begin());
}

std::optional<std::size_t> exact(const std::vector<NamedValue>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name, &NamedValue::path);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

class Compiler {
 public:
  Compiler(VariantParts parts, const std::vector<Axis>& axes, Report& report, std::set<std::string>& used)
      : parts_(std::move(parts)), axes_(axes), report_(report), used_(used) {}

  std::optional<Variant> run() {
    const std::size_t before = report_.error_count();
    out_.spec = std::move(parts_.spec);
    out_.places = std::move(parts_.places);
    make_names();
    make_writes();
    make_program();
    make_where();
    if (report_.error_count() > before) return std::nullopt;
    for (std::size_t k = 0; k < section_count; ++k) out_.texts[k] = section_text(out_.spec, k);
    return std::move(out_);
  }

 private:
  void make_names() {
    // A number that is not known yet stands as 1, so that its name has a place.
    for (const auto& d : parts_.deferred)
      if (d.field && d.element < 0) write_number(d.field->schema, locate(point_schema(), &out_.spec, d.path).value, 1);
    for (std::size_t a = 0; a < axes_.size(); ++a)
      out_.names.push_back({axes_[a].path, axes_[a].entries[parts_.positions[a]].value});
    for (const auto& name : parts_.variable_names) {
      if (exact(out_.names, name)) continue;
      const auto number = std::ranges::find(parts_.variables, name, &std::pair<std::string, double>::first);
      out_.names.push_back({name, number == parts_.variables.end() ? 0.0 : number->second});
    }
    for_each(point_schema(), &out_.spec, "", [&](const std::string& path, const FieldInfo& field, void* value) {
      if (field.schema.type == Type::boolean) out_.flags.insert(path);
      if (exact(out_.names, path)) return;
      if (auto read_value = read(field.schema, value)) out_.names.push_back({path, std::move(*read_value)});
    });
  }

  void make_writes() {
    for (std::size_t a = 0; a < axes_.size(); ++a) {
      if (axes_[a].structural) continue;
      AxisWrite write{.axis = a, .target = a};
      const bool variable = std::ranges::find(parts_.variable_names, axes_[a].path) != parts_.variable_names.end();
      if (!variable) {
        const Located place = locate(point_schema(), &out_.spec, axes_[a].path);
        if (!place) continue;
        write.field = place.field;
        write.route = *route_to(axes_[a].path, out_.spec);
        out_.changes[section_of(axes_[a].path)] = true;
      }
      out_.writes.push_back(std::move(write));
    }
  }

  void make_program() {
    for (const auto& d : parts_.deferred) {
      Assignment assignment{.what = d};
      if (d.field) {
        assignment.route = *route_to(d.path, out_.spec);
        out_.changes[section_of(d.path)] = true;
      }
      if (d.element < 0) assignment.target = exact(out_.names, d.path);
      assignment.slots = slots_of(d.expression, d.place, d.path, d.field);
      pending_.push_back(std::move(assignment));
    }
    state_.assign(pending_.size(), 0);
    for (std::size_t k = 0; k < pending_.size(); ++k) place_in_order(k);
    for (const std::size_t k : order_) out_.program.push_back(std::move(pending_[k]));
    for (const Assignment& assignment : out_.program)
      if (!assignment.what.field && is_condition(assignment.what.expression.text(), flags()))
        out_.flags.insert(assignment.what.path);
  }

  /// Whether a name, in full or its last part, is that of a flag.
  IsFlag flags() const {
    return [this](std::string_view name) {
      if (exact(out_.names, name)) return out_.flags.contains(std::string(name));
      const auto called = [&](const NamedValue& value) { return short_path(value.path) == name; };
      const auto found = std::ranges::find_if(out_.names, called);
      return found != out_.names.end() && out_.flags.contains(found->path);
    };
  }

  std::vector<std::size_t> slots_of(const Expression& expression, Place place, const std::string& path,
                                    const FieldInfo* field = nullptr) {
    std::vector<std::size_t> slots;
    for (const auto& atom : expression.atoms()) {
      const auto slot = find_slot(out_.names, atom, {place, path, field}, report_);
      slots.push_back(slot.value_or(0));
      if (slot) used_.insert(out_.names[*slot].path);
    }
    return slots;
  }

  /// Depth first: what an expression needs comes before it.
  void place_in_order(std::size_t k) {
    if (state_[k] == 2) return;
    if (state_[k] == 1) {
      report_.error("FS0409", pending_[k].what.place, pending_[k].what.path,
                    fmt::format("'{}' depends on itself", pending_[k].what.path),
                    "one of the expressions in the circle must be a number");
      return;
    }
    state_[k] = 1;
    for (const std::size_t slot : pending_[k].slots)
      for (std::size_t other = 0; other < pending_.size(); ++other)
        if (pending_[other].target == slot) place_in_order(other);
    state_[k] = 2;
    order_.push_back(k);
  }

  void make_where() {
    if (!parts_.where) return;
    try {
      Condition condition{.expression = Expression::compile(parts_.where->text), .place = parts_.where->place};
      const std::size_t before = report_.error_count();
      condition.slots = slots_of(condition.expression, parts_.where->place, "where");
      if (report_.error_count() == before) require_condition(parts_.where->text, flags());
      out_.where = std::move(condition);
    } catch (const ExpressionError& error) {
      report_.error(error.code().c_str(), inside(*parts_.where, error.offset()), "where", error.what(), error.help());
    }
  }

  VariantParts parts_;
  const std::vector<Axis>& axes_;
  Report& report_;
  std::set<std::string>& used_;
  Variant out_;
  std::vector<Assignment> pending_;
  std::vector<int> state_;
  std::vector<std::size_t> order_;
};

}  // namespace

std::optional<Variant> make_variant(VariantParts parts, const std::vector<Axis>& axes, Report& report,
                                    std::set<std::string>& used) {
  return Compiler(std::move(parts), axes, report, used).run();
}

std::string unknown_name(const Atom& atom, const FieldInfo* field) {
  return field ? fmt::format("unknown name '{}' where there belongs {}, or an expression", atom.text,
                             expectation(field->schema, field->range))
               : fmt::format("unknown name '{}' in an expression", atom.text);
}

std::optional<std::size_t> find_slot(const std::vector<NamedValue>& names, const Atom& atom, const SlotPlace& at,
                                     Report& report) {
  auto [place, path, field] = at;
  if (const auto slot = exact(names, atom.text)) return slot;
  std::vector<std::size_t> found;
  for (std::size_t k = 0; k < names.size(); ++k)
    if (short_path(names[k].path) == atom.text) found.push_back(k);
  if (found.size() == 1) return found[0];
  if (place.line) place.column += static_cast<int>(atom.offset);
  if (found.size() > 1) {
    std::vector<std::string_view> paths;
    for (const auto k : found) paths.push_back(names[k].path);
    report.error("FS0408", place, path, fmt::format("'{}' can be {}", atom.text, join_or(paths)),
                 "write the full path");
    return std::nullopt;
  }
  std::vector<std::string_view> candidates;
  for (const auto& name : names) {
    candidates.push_back(name.path);
    candidates.push_back(short_path(name.path));
  }
  report.error("FS0407", place, path, unknown_name(atom, field),
               quotes_missing(atom) + suggestion(atom.text, candidates, "names here"));
  return std::nullopt;
}

}  // namespace fieldscan::scan
