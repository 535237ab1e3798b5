#include "fieldscan/core/flat.hpp"

namespace fieldscan {

namespace {

constexpr std::size_t row_bytes = sizeof(Observable) + 4 * sizeof(double) + sizeof(std::int64_t) + sizeof(Flag);
constexpr std::size_t least_array_bytes = sizeof(Observable) + sizeof(double) + 2 * sizeof(std::uint64_t);

Row get_row(FlatReader& in) {
  Row row;
  row.observable = in.get_below(end_of_observables());
  for (double* number : {&row.time, &row.coordinate, &row.value, &row.standard_error}) *number = in.get<double>();
  row.count = in.get<std::int64_t>();
  row.flag = in.get<Flag>();
  if (row.flag > Flag::outside_validity) throw MalformedMessage("an unknown word");
  return row;
}

Array get_array(FlatReader& in) {
  Array array;
  array.observable = in.get_below(end_of_observables());
  array.time = in.get<double>();
  array.shape = in.list<std::int64_t>();
  array.data = in.list<double>();
  return array;
}

}  // namespace

void put(FlatWriter& out, const Result& result) {
  out.put(result.data_draw);
  out.put(result.initialisation);
  out.put(result.outcome);
  out.put(std::string_view(result.reason));
  out.put(static_cast<std::uint64_t>(result.rows.size()));
  for (const Row& row : result.rows) {
    out.put(row.observable);
    for (const double number : {row.time, row.coordinate, row.value, row.standard_error}) out.put(number);
    out.put(row.count);
    out.put(row.flag);
  }
  out.put(static_cast<std::uint64_t>(result.arrays.size()));
  for (const Array& array : result.arrays) {
    out.put(array.observable);
    out.put(array.time);
    out.list(std::span(array.shape));
    out.list(std::span(array.data));
  }
}

Result get_result(FlatReader& in) {
  Result result;
  result.data_draw = in.get<std::int64_t>();
  result.initialisation = in.get<std::int64_t>();
  result.outcome = in.get<Outcome>();
  if (result.outcome > Outcome::failed) throw MalformedMessage("an unknown word");
  result.reason = in.text();
  result.rows.resize(in.length(row_bytes));
  for (Row& row : result.rows) row = get_row(in);
  result.arrays.resize(in.length(least_array_bytes));
  for (Array& array : result.arrays) array = get_array(in);
  return result;
}

}  // namespace fieldscan
