#include <fmt/format.h>

#include <bit>

#include "../master/wanted.hpp"
#include "fieldscan/campaign/inspect/inspect.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/linear_algebra_library.hpp"
#include "fieldscan/core/printable.hpp"
#include "fieldscan/core/shell.hpp"
#include "fieldscan/core/text.hpp"

namespace fieldscan::campaign {

namespace {

using Member = scan::Task::Member;

std::string coordinates(const Row& row) {
  std::string text = row.time == equilibrium ? "" : fmt::format(" t={}", shortest(row.time));
  if (!info(row.observable).dimension.empty())
    text += fmt::format(" {}={}", info(row.observable).dimension, shortest(row.coordinate));
  return text;
}

std::string rows_text(const Result& result) {
  std::string text;
  for (const Row& row : result.rows) {
    text += fmt::format("    {}{} = {}", info(row.observable).name, coordinates(row), shortest(row.value));
    if (row.standard_error > 0) text += fmt::format(" ± {:.2g}", row.standard_error);
    text += "\n";
  }
  for (const Array& array : result.arrays)
    text += fmt::format("    {}: {} numbers at t={}\n", info(array.observable).name, array.data.size(),
                        shortest(array.time));
  return text;
}

std::string result_text(const store::StoredResult& stored) {
  const auto& [result, standing] = std::pair(stored.result, stored.standing);
  std::string text =
      fmt::format("  draw {} initialisation {}: {}", result.data_draw, result.initialisation, word_of(result.outcome));
  if (!result.reason.empty()) text += fmt::format(" ({})", result.reason);
  text += fmt::format("; attempt {}, {}, {:.3g} s\n", standing.provenance.attempt, standing.provenance.host,
                      standing.provenance.seconds);
  text += rows_text(result);
  if (!standing.provenance.log_tail.empty())
    text += fmt::format("    it printed last:\n{}\n", standing.provenance.log_tail);
  return text;
}

bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

bool same(const Row& a, const Row& b) {
  return a.observable == b.observable && same_bits(a.time, b.time) && same_bits(a.coordinate, b.coordinate) &&
         same_bits(a.value, b.value) && same_bits(a.standard_error, b.standard_error) && a.count == b.count &&
         a.flag == b.flag;
}
bool same(const Array& a, const Array& b) {
  return a.observable == b.observable && same_bits(a.time, b.time) && a.shape == b.shape &&
         std::equal(a.data.begin(), a.data.end(), b.data.begin(), b.data.end(), same_bits);
}

/// The first difference between what was computed again and what is stored; empty where there is none.
std::string difference(const Result& again, const Result& stored) {
  if (again.outcome != stored.outcome)
    return fmt::format("the outcome is '{}', stored is '{}'", word_of(again.outcome), word_of(stored.outcome));
  if (again.rows.size() != stored.rows.size() || again.arrays.size() != stored.arrays.size())
    return fmt::format("{} numbers and {} arrays, stored are {} and {}", again.rows.size(), again.arrays.size(),
                       stored.rows.size(), stored.arrays.size());
  for (std::size_t k = 0; k < again.rows.size(); ++k)
    if (const Row& a = again.rows[k], &b = stored.rows[k]; !same(a, b))
      return fmt::format("{}{} = {}, stored is {}{} = {}", info(a.observable).name, coordinates(a), shortest(a.value),
                         info(b.observable).name, coordinates(b), shortest(b.value));
  for (std::size_t k = 0; k < again.arrays.size(); ++k)
    if (!same(again.arrays[k], stored.arrays[k]))
      return fmt::format("the array {} differs", info(again.arrays[k].observable).name);
  return "";
}

}  // namespace

std::optional<scan::Task> find_task(const scan::Scan& scan, Id owner, Member member) {
  std::optional<scan::Task> task;
  scan.for_each_point([&](const scan::Point& point) {
    if (point.id == owner && scan::trains(point.spec))
      task = scan::Task{.block = point.block, .index = point.index, .members = {member}};
    for (std::size_t theory = 0; theory < point.theories.size() && !task; ++theory)
      if (scan::prediction_id(point.theories[theory], point) == owner)
        task = scan::Task{.kind = scan::Task::Kind::prediction,
                          .block = point.block,
                          .index = point.index,
                          .theory = theory,
                          .members = {member}};
    return !task.has_value();
  });
  return task;
}

std::string show_text(const scan::Scan& scan, const store::Store& store, Id owner,
                      const std::optional<Member>& member) {
  const auto settings = store.owner_text(owner);
  const auto task = find_task(scan, owner, member.value_or(Member{}));
  const bool prediction =
      store.owner_kind(owner) == store::OwnerKind::prediction || (task && task->kind == scan::Task::Kind::prediction);
  if (!settings && !task) throw EnvironmentError(fmt::format("neither the scan nor the store knows {}", owner.hex()));
  std::string text = fmt::format("{} {}{}\n", prediction ? "prediction" : "point", owner.hex(),
                                 task ? "" : " (not in the scan that ran last)");
  text += settings.value_or("");
  if (task)
    if (const auto point = scan.point(task->block, task->index)) {
      if (!settings && !prediction) text += scan::point_text(point->spec);
      for (std::size_t axis = 0; axis < point->positions.size() && axis < point->names.size(); ++axis)
        text += fmt::format(
            "{}{} = {}", axis == 0 ? "at " : ", ", point->names[axis].path,
            std::visit([](const auto& value) { return fmt::format("{}", value); }, point->names[axis].value));
      text += "\n";
    }
  const auto results = store.results(owner, store::Store::Arrays::with);
  std::string listed;
  for (const auto& stored : results)
    if (!member || *member == Member{stored.result.data_draw, stored.result.initialisation})
      listed += result_text(stored);
  if (member && listed.empty() && !results.empty())
    throw EnvironmentError(
        fmt::format("no result of draw {} initialisation {}: `fieldscan show` without --draw and --init "
                    "lists the {} that are there",
                    member->draw, member->initialisation, results.size()));
  text += listed.empty() ? "  no results\n" : listed;
  for (const auto& reason : store.invalidations(owner))
    text += fmt::format("  a result is not used any more: {}\n", reason);
  const Member example = member.value_or(
      results.empty() ? Member{} : Member{results[0].result.data_draw, results[0].result.initialisation});
  text += fmt::format("repeat one: fieldscan repeat {} {} --draw {} --init {}\n",
                      shell_word(store.directory().string()), owner.hex(), example.draw, example.initialisation);
  return printable(text);
}

Repeated repeat(const scan::Scan& scan, const store::Store& store, Id owner, Member member) {
  const auto task = find_task(scan, owner, member);
  if (!task) throw EnvironmentError(fmt::format("the scan has no point or prediction {}", owner.hex()));
  const std::vector<Result> again = scan::run_task(scan, *task);
  if (again.size() != 1) throw std::logic_error("one member gave another number of results");
  std::string text =
      fmt::format("computed again: draw {} initialisation {}: {}{}\n", member.draw, member.initialisation,
                  word_of(again[0].outcome), again[0].reason.empty() ? "" : " (" + again[0].reason + ")");
  text += rows_text(again[0]);
  for (const auto& stored : store.results(owner, store::Store::Arrays::with)) {
    if (Member{stored.result.data_draw, stored.result.initialisation} != member) continue;
    const std::string what = difference(again[0], stored.result);
    return {.equal = what.empty(),
            .text = text + (what.empty() ? "equal, bit by bit, to what is stored\n"
                                         : fmt::format("differs: {} (stored on {}; here {})\n", what,
                                                       stored.standing.provenance.host, linear_algebra_library()))};
  }
  return {.equal = true, .text = text + "the store holds no result of it: there was nothing to compare with\n"};
}

}  // namespace fieldscan::campaign
