#pragma once
#include <cstddef>
#include <string>
#include <string_view>

/// Numbers as sentences have them.
namespace fieldscan::analysis {

/// "0.982 ± 0.031" with digits that fit the error: two of it, below a million without powers of ten ("1230 ± 120").
std::string with_error(double value, double standard_error);
std::string number(double value);
/// The same; zero where it is rounding beside numbers of that size.
std::string number_beside(double value, double size);
/// "0.19 %", "120 %": a share with two digits, in whole per cent from 100 % on.
std::string percent(double share);
/// "1 point", "3 points": a noun that takes an s.
std::string counted(std::size_t count, std::string_view noun);

}  // namespace fieldscan::analysis
