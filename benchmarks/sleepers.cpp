// benchmark_sleepers SCAN DIR SCATTER TOTAL: runs a scan whose tasks sleep instead of computing, so that scheduling can
// be measured with more workers than cores. A task sleeps in proportion to its estimate, times a factor of its own
// between 1/SCATTER and SCATTER; all tasks together TOTAL seconds. One replica per point. Rank 0 prints what it took,
// beside the longest-first schedule of the same times.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <boost/mpi/communicator.hpp>
#include <boost/mpi/environment.hpp>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <numeric>
#include <queue>
#include <thread>

#include "../src/campaign/message/encode.hpp"
#include "fieldscan/campaign/campaign.hpp"
#include "fieldscan/core/random.hpp"

using namespace fieldscan;

namespace {

/// How long a task sleeps: by its content alone.
double seconds_of(const scan::Scan& scan, const scan::Task& task, double scatter, double scale) {
  const auto point = scan.point(task.block, task.index);
  double seconds = 0;
  for (const auto& member : task.members) {
    const Stream stream(1, Purpose::test, "sleep", task.index, static_cast<std::uint64_t>(member.draw));
    const double power = 2 * static_cast<double>(stream.below(1000001, 0)) * 1e-6 - 1;
    seconds += scale * scan::estimated_seconds(*point, task.kind, task.theory) * std::pow(scatter, power);
  }
  return seconds;
}

std::vector<Result> nothing(const scan::Task& task) {
  std::vector<Result> results;
  for (const auto& member : task.members)
    results.push_back({.data_draw = member.draw, .initialisation = member.initialisation});
  return results;
}

campaign::Bytes sleep_through(const scan::Scan& scan, const campaign::Bytes& request, double scatter, double scale) {
  std::vector<campaign::TaskAnswer> answers;
  for (const auto& task : campaign::decode_tasks(request)) {
    const double seconds = seconds_of(scan, task, scatter, scale);
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    answers.push_back({.seconds = seconds, .results = campaign::encode(nothing(task))});
  }
  return campaign::encode(answers);
}

/// Longest first on so many workers, without any cost of handing out.
double longest_first(std::vector<double> times, int workers) {
  std::ranges::sort(times, std::greater{});
  std::priority_queue<double, std::vector<double>, std::greater<>> free_at;
  for (int k = 0; k < workers; ++k) free_at.push(0);
  double end = 0;
  for (const double time : times) {
    const double at = free_at.top() + time;
    free_at.pop();
    free_at.push(at);
    end = std::max(end, at);
  }
  return end;
}

std::vector<double> times_of(const scan::Scan& scan, double scatter, double scale) {
  std::vector<double> times;
  scan.for_each_point([&](const scan::Point& point) {
    for (std::int64_t draw = 0; draw < point.ensemble.data_draws; ++draw)
      times.push_back(
          seconds_of(scan, {.block = point.block, .index = point.index, .members = {{draw, 0}}}, scatter, scale));
    return true;
  });
  return times;
}

double processor_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const double scatter = std::atof(argv[3]), total = std::atof(argv[4]);
  std::ifstream in(argv[1]);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto read = scan::read_scan(text, argv[1]);
  if (!read.scan) return 3;
  const scan::Scan& scan = *read.scan;
  const auto unscaled = times_of(scan, scatter, 1);
  const double scale = total / std::accumulate(unscaled.begin(), unscaled.end(), 0.0);
  campaign::ForkServer server([&](const campaign::Bytes&) -> campaign::Handler {
    return [&](const campaign::Bytes& request) { return sleep_through(scan, request, scatter, scale); };
  });
  boost::mpi::environment environment(argc, argv);
  boost::mpi::communicator world;
  const double before = processor_seconds();
  std::vector<std::string> silent;
  const auto summary = campaign::run(world, server, scan, {.directory = argv[2], .quiet = true}, silent);
  if (world.rank() != 0) return 0;
  const int workers = std::max(world.size() - 1, 1);
  const auto times = times_of(scan, scatter, scale);
  const double bound = longest_first(times, workers), used = processor_seconds() - before;
  const auto [least, most] = std::ranges::minmax_element(times);
  fmt::print(
      "{} workers, {} tasks of {:.4f} to {:.2f} s: {:.3f} s, longest first {:.3f} s ({:+.1f} %); rank 0 used {:.1f} % "
      "of a core\n",
      workers, times.size(), *least, *most, summary.seconds, bound, 100 * (summary.seconds / bound - 1),
      100 * used / summary.seconds);
  return summary.done == times.size() ? 0 : 1;
}
