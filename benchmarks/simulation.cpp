// benchmark_simulation [MEAN [TASKS_PER_RANK [FILE]]]: one master and 10 to 100 000 ranks, by discrete events.
//
// Task times are log-uniform over three decades with the given mean (seconds; default 1), or drawn from FILE, one
// number per line, scaled to that mean (sqlite3 RUN/store.sqlite 'SELECT seconds FROM result'). The master serves one
// message at a time with the measured times below, commits twice a second, hands out longest first, tiny tasks together
// and ahead, as the campaign does.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <numeric>
#include <queue>
#include <random>
#include <vector>

namespace {

// Seconds, measured with benchmarks/campaign.sh on one core of an AMD Zen 4.
constexpr double message_seconds = 30e-6;  // receive a report, send an order
constexpr double task_seconds = 10e-6;     // decode, book and queue one task
constexpr double commit_seconds = 5e-3;    // of a commit, and of each result in it
constexpr double commit_result_seconds = 8e-6;
constexpr double latency = 1e-3;  // of polling with back-off, one way
constexpr double commit_interval = 0.5;
// As in the campaign.
constexpr double batch_seconds = 0.2;
constexpr std::size_t batch_tasks = 1000;

struct Outcome {
  double busy = 0;    ///< fraction of the ranks' time
  double master = 0;  ///< fraction of the master's time
  double tail = 0;    ///< core seconds lost at the end, per rank
  double seconds = 0;
};

class Simulation {
 public:
  Simulation(std::vector<double> times, std::size_t ranks) : times_(std::move(times)), workers_(ranks) {
    std::ranges::sort(times_, std::greater{});
    left_ = total_ = std::accumulate(times_.begin(), times_.end(), 0.0);
  }

  Outcome run() {
    for (std::size_t rank = 0; rank < workers_.size(); ++rank) give(rank);
    while (!events_.empty()) {
      const Event event = events_.top();
      events_.pop();
      receive(event);
    }
    double end = 0, tail = 0;
    for (const Worker& worker : workers_) end = std::max(end, worker.free);
    for (const Worker& worker : workers_) tail += end - worker.free;
    const auto ranks = static_cast<double>(workers_.size());
    return {.busy = total_ / (ranks * end), .master = served_ / end, .tail = tail / ranks, .seconds = end};
  }

 private:
  struct Worker {
    double free = 0;  ///< when it has done all its orders
    int orders = 0;
  };
  struct Event {
    double arrival = 0;  ///< of a report at the master
    std::size_t rank = 0, tasks = 0;
    bool operator>(const Event& other) const { return arrival > other.arrival; }
  };

  void serve(double seconds) {
    master_ += seconds;
    served_ += seconds;
  }

  void receive(const Event& event) {
    master_ = std::max(master_, event.arrival);
    serve(message_seconds / 2 + static_cast<double>(event.tasks) * task_seconds);
    uncommitted_ += event.tasks;
    if (master_ - committed_ > commit_interval) {
      serve(commit_seconds + static_cast<double>(uncommitted_) * commit_result_seconds);
      committed_ = master_;
      uncommitted_ = 0;
    }
    --workers_[event.rank].orders;
    while (next_ < times_.size() && workers_[event.rank].orders < (ahead() ? 2 : 1)) give(event.rank);
  }

  double fair() const { return left_ / (4 * static_cast<double>(workers_.size())); }
  bool ahead() const { return times_[next_] <= std::max(batch_seconds, fair()); }

  /// The next order to a rank.
  void give(std::size_t rank) {
    if (next_ >= times_.size()) return;
    const double together = std::min(batch_seconds, fair());
    double seconds = 0;
    std::size_t tasks = 0;
    do seconds += times_[next_ + tasks++];
    while (next_ + tasks < times_.size() && tasks < batch_tasks && seconds + times_[next_ + tasks] <= together);
    next_ += tasks;
    left_ -= seconds;
    serve(message_seconds / 2);
    Worker& worker = workers_[rank];
    worker.free = std::max(worker.free, master_ + latency) + seconds;
    ++worker.orders;
    events_.push({.arrival = worker.free + latency, .rank = rank, .tasks = tasks});
  }

  std::vector<double> times_;
  std::vector<Worker> workers_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  double left_ = 0, total_ = 0, master_ = 0, served_ = 0, committed_ = 0;
  std::size_t next_ = 0, uncommitted_ = 0;
};

std::vector<double> make_times(std::size_t count, double mean, const std::vector<double>& measured) {
  std::mt19937_64 random(1);
  std::vector<double> times(count);
  for (double& time : times)
    time = measured.empty() ? std::pow(10.0, 3 * static_cast<double>(random() >> 11) * 0x1p-53)
                            : measured[random() % measured.size()];
  const double factor = mean * static_cast<double>(count) / std::accumulate(times.begin(), times.end(), 0.0);
  for (double& time : times) time *= factor;
  return times;
}

}  // namespace

int main(int argc, char** argv) {
  const double mean = argc > 1 ? std::atof(argv[1]) : 1, per_rank = argc > 2 ? std::atof(argv[2]) : 100;
  std::vector<double> measured;
  if (argc > 3) {
    std::ifstream in(argv[3]);
    measured.assign(std::istream_iterator<double>(in), {});
  }
  fmt::print("mean task {} s, {} tasks per rank\n{:>8} {:>8} {:>8} {:>12} {:>12}\n", mean, per_rank, "ranks", "busy",
             "master", "tail s/rank", "tasks/s");
  for (const std::size_t ranks : {10, 100, 1000, 4096, 10000, 30000, 100000}) {
    const auto count = static_cast<std::size_t>(per_rank * static_cast<double>(ranks));
    const Outcome outcome = Simulation(make_times(count, mean, measured), ranks).run();
    fmt::print("{:>8} {:>7.1f}% {:>7.1f}% {:>12.3f} {:>12.0f}\n", ranks, 100 * outcome.busy, 100 * outcome.master,
               outcome.tail, static_cast<double>(count) / outcome.seconds);
  }
  return 0;
}
