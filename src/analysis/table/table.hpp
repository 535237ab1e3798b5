#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fieldscan/core/row.hpp"
#include "fieldscan/scan/points/point.hpp"
#include "fieldscan/scan/task/redrawn.hpp"
#include "fieldscan/store/growth.hpp"

namespace fieldscan::scan {
class Scan;
}
namespace fieldscan::store {
class Store;
}

/// What the analysis works on: every point of the plan with the rows that the store has for it.
namespace fieldscan::analysis {

/// One replica, or one theory evaluated on one data draw. Rows ascend in (observable, time, coordinate).
struct Member {
  std::int64_t draw = 0;
  std::int64_t initialisation = 0;
  Outcome outcome = Outcome::done;
  std::string reason;
  std::vector<Row> rows;
  std::vector<Array> arrays;
  bool copy = false;  ///< of a member on another data draw, which has the same data
};

/// What a series varies over.
enum class Level {
  replica,  ///< data draw and initialisation: networks, and theories given the initial weights of each
  draw,     ///< a theory given the data draw
  nothing,  ///< a theory averaged over data: one member
};

/// All results of one point, or of one theory at a point. Members ascend in (draw, initialisation).
struct Series {
  Level level = Level::replica;
  bool sampler = false;  ///< initialisations are chains: draws × chains count as members
  std::vector<Member> members;
  std::int64_t wanted = 0;             ///< how many members are asked for; 0: not known
  std::int64_t initialisations = 0;    ///< how many of each data draw; 0: not known
  std::vector<Observable> asked = {};  ///< what every stored replica was asked to observe, ascending
  bool same_data = false;              ///< its data draws are copies of one
  Id id = {};                          ///< of the point or prediction in the store; zero where it is in none
  scan::SameRows same = {};            ///< what every data draw has the same where they are not
  /// Of an ensemble that ended at its `max` before the error that `until` asks for: the observable of that error.
  std::optional<Observable> short_of_error = {};
  std::string error_source = {};  ///< what a theory's standard errors are of (`theory::error_source`)
};

/// What of a series' number of an observable, at a time, differs between data draws.
scan::Redrawn redrawn(const Series& series, Observable observable, double time);

/// Whether a member has numbers: done, not converged or not equilibrated (the last two are reported beside the
/// verdict).
bool has_numbers(const Member& member);
/// Whether they enter means: a copy says nothing that the original does not.
bool usable(const Member& member);
/// How many members are asked for: what the scan wants, or what is there where that is more.
std::int64_t asked_of(const Series& series);
/// Of members on draws that are copies, where trainings have no noise of their own: those of one draw stay, of the
/// first that has most.
void mark_copies(Series& series);
/// Of items that are the same in all data draws one of each initialisation stays, the first: all that there is of it.
template <class Item, class InitialisationOf>
void keep_one_each(std::vector<Item>& items, InitialisationOf initialisation_of) {
  std::set<std::int64_t> seen;
  std::erase_if(items, [&](const Item& item) { return !seen.insert(initialisation_of(item)).second; });
}
/// Whether two times are one, to 1e-9 relative.
bool same_time(double a, double b);
/// The row of an observable; nullptr where the member has none. Times agree to 1e-9 relative.
const Row* find_row(const Member& member, Observable observable, double time, double coordinate);
/// The array of an observable; nullptr where the member has none.
const Array* find_array(const Member& member, Observable observable, double time);
/// Whether a member has nothing of an observable after a time.
bool is_last(const Member& member, Observable observable, double time);
/// The times (coordinates) at which any usable member has rows, or arrays, of an observable, ascending.
std::vector<double> times_of(const Series& series, Observable observable);
std::vector<double> coordinates_of(const Series& series, Observable observable);
/// Sorts members and their rows as the look-ups above need them.
void sort_series(Series& series);

struct TablePoint {
  scan::Point point;
  Series measured;
  std::optional<store::Growth> growth = {};  ///< of an ensemble that grows: how it ended, or that it has not
  std::map<std::string, std::shared_ptr<const Series>> theories;  ///< by the name that tests use
};

/// One axis, as the blocks of a scan declare it.
struct Axis {
  std::string path;
  std::string short_name;
};

struct Table {
  std::vector<TablePoint> points;  ///< in the order of the plan
  std::vector<Axis> axes;          ///< the union over blocks, in the order of first appearance
  /// Per block: for each of the block's axes, its path, whether it is zipped, and the labels of its values.
  struct BlockAxis {
    std::string path;
    bool zipped = false;
    std::vector<std::string> labels;
  };
  std::vector<std::vector<BlockAxis>> blocks;
};

/// The label of a point's value on an axis: as the file has it where the point's block has the axis (so that values
/// that are expressions stay one value), else the value of the field; empty where the point has no such field.
std::string axis_label(const Table& table, const TablePoint& point, const std::string& path);
std::string text_of(const scan::AxisValue& value);

}  // namespace fieldscan::analysis
