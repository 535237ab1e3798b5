#pragma once
#include <optional>
#include <string>

#include "../text/report.hpp"
#include "../text/tree.hpp"
#include "fieldscan/scan/expression/expression.hpp"

/// Nodes of a file as expressions and numbers.
namespace fieldscan::scan {

/// Compiles a scalar as an expression; says why not.
std::optional<Expression> compile(const Node& node, Scope scope, Report& report, const std::string& path);
/// A number, or an expression that mentions nothing. Says why not.
std::optional<double> constant(const Node& node, Report& report, const std::string& path);
/// A whole number in a range. Says why not.
std::optional<double> whole(const Node& node, Report& report, const std::string& path, double low, double high = 1e9);

}  // namespace fieldscan::scan
