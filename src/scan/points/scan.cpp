#include "fieldscan/scan/points/scan.hpp"

#include <fmt/format.h>

#include <unordered_set>

#include "parsed.hpp"

namespace fieldscan::scan {
namespace {

[[noreturn]] void fail(const Scan::Parsed& parsed, std::size_t block, const Walker& walker,
                       const PointFailure& failure) {
  throw PointError(
      fmt::format("{} at {}: {} ({})", parsed.infos[block].name, walker.where_text(), failure.message, failure.code));
}

}  // namespace

Scan::Scan(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}
const std::string& Scan::name() const { return parsed_->name; }
std::int64_t Scan::seed() const { return parsed_->seed; }
const std::string& Scan::text() const { return parsed_->text; }
const std::vector<std::string>& Scan::overrides() const { return parsed_->overrides; }
const std::vector<BlockInfo>& Scan::blocks() const { return parsed_->infos; }
const std::vector<Define>& Scan::definitions() const { return parsed_->definitions; }
const std::vector<Test>& Scan::tests() const { return parsed_->tests; }
const std::vector<Figure>& Scan::figures() const { return parsed_->figures; }
const data::DataFiles& Scan::data_files() const { return parsed_->files; }

std::optional<Point> Scan::point(std::size_t block, std::uint64_t index) const {
  Walker walker(parsed_->blocks.at(block), block);
  try {
    if (!walker.go_to(index)) return std::nullopt;
  } catch (const PointFailure& failure) {
    fail(*parsed_, block, walker, failure);
  }
  walker.identify();
  return walker.point();
}

void Scan::for_each_point(const std::function<bool(const Point&)>& visit) const {
  std::unordered_set<Id> seen;
  for (std::size_t b = 0; b < parsed_->blocks.size(); ++b) {
    Walker walker(parsed_->blocks[b], b);
    const std::uint64_t count = combinations(parsed_->blocks[b]);
    for (std::uint64_t index = 0; index < count; ++index) {
      try {
        if (!walker.go_to(index)) continue;
      } catch (const PointFailure& failure) {
        fail(*parsed_, b, walker, failure);
      }
      walker.identify();
      if (!seen.insert(walker.point().id).second) continue;
      if (!visit(walker.point())) return;
    }
  }
}

}  // namespace fieldscan::scan
