#include "constant.hpp"

#include <fmt/format.h>

#include <cmath>
#include <span>

#include "../text/number.hpp"

namespace fieldscan::scan {

std::optional<Expression> compile(const Node& node, Scope scope, Report& report, const std::string& path) {
  if (!node.is_scalar()) {
    report.error("FS0201", node.place, path, fmt::format("{} where an expression belongs", describe(node)));
    return std::nullopt;
  }
  if (const auto problem = number_problem(node.text)) {
    report.error("FS0203", node.place, path, problem->message, problem->help);
    return std::nullopt;
  }
  try {
    Expression expression = Expression::compile(node.text, scope);
    if (expression.is_constant()) expression.evaluate(std::span<const double>{});  // it may compare what is no number
    return expression;
  } catch (const ExpressionError& error) {
    report.error(error.code().c_str(), inside(node, error.offset()), path, error.what(), error.help());
    return std::nullopt;
  }
}

std::optional<double> constant(const Node& node, Report& report, const std::string& path) {
  if (node.is_plain())
    if (const auto number = parse_number(node.text)) return number;
  if (const auto problem = truth_problem(node.is_scalar() ? node.text : "")) {
    report.error("FS0201", node.place, path, problem->message, problem->help);
    return std::nullopt;
  }
  const auto expression = compile(node, Scope::point, report, path);
  if (!expression) return std::nullopt;
  if (!expression->is_constant()) {
    report.error(
        "FS0412", inside(node, expression->atoms()[0].offset), path,
        fmt::format("'{}' has no value here: only numbers can stand in this place", expression->atoms()[0].text),
        "write a number, or an expression of numbers such as 2^10");
    return std::nullopt;
  }
  const double value = expression->evaluate(std::span<const double>{});
  if (!std::isfinite(value)) {
    report.error("FS0411", node.place, path, fmt::format("'{}' is not a finite number", node.text));
    return std::nullopt;
  }
  return value;
}

std::optional<double> whole(const Node& node, Report& report, const std::string& path, double low, double high) {
  const auto value = constant(node, report, path);
  if (!value) return std::nullopt;
  if (!is_whole(*value) || !(*value >= low) || !(*value <= high)) {
    const std::string bound = *value > high ? fmt::format("at most {:.0f}", high) : fmt::format("at least {:.0f}", low);
    report.error("FS0202", node.place, path,
                 fmt::format("found {}; a whole number, {}, belongs here", node.text, bound));
    return std::nullopt;
  }
  return value;
}

}  // namespace fieldscan::scan
