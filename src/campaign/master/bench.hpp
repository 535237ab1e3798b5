#pragma once
#include <chrono>
#include <deque>
#include <optional>

#include "../message/encode.hpp"

namespace fieldscan::campaign {

/// How long a compute child has for saving the state of its training when it is stopped; and when mpirun is about to
/// kill everybody.
inline constexpr std::chrono::milliseconds patience_to_save{3000}, haste_to_save{300};

/// One compute child with the orders that wait for it: the next one starts as the last one ends, without a word from
/// rank 0 in between. Without a fork server all orders, that being computed too, come back as `gone`, then and ever
/// after. Not for several threads.
class Bench {
 public:
  Bench(ForkServer& server, const Bytes& setup) : compute_(server, setup, 0) {}

  void add(Order order);
  bool busy() const { return current_ || !ready_.empty(); }
  /// The next report; waits `patience` for it at most.
  std::optional<Report> poll(std::chrono::milliseconds patience);
  /// Forgets what waits; its reports (stopped) come by `poll`.
  void recall();
  /// Ends what is being computed and forgets what waits; their reports (stopped) come by `poll`.
  void stop(std::chrono::milliseconds patience = patience_to_save);

 private:
  void begin_next();
  Report report_of_gone(const Order& order, std::string reason) const;

  Compute compute_;
  std::optional<Order> current_;
  std::deque<Order> waiting_;
  std::deque<Report> ready_;
};

}  // namespace fieldscan::campaign
