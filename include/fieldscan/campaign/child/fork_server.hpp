#pragma once
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// Computation apart from MPI: a fork server, started before MPI_Init, forks compute children on request. A child that
/// crashes, hangs or runs out of memory takes nothing with it but its own task.
namespace fieldscan::campaign {

using Bytes = std::vector<char>;

/// What a compute child does: a request becomes an answer. Exceptions are caught around it and become failures with
/// their text.
using Handler = std::function<Bytes(const Bytes& request)>;
/// Makes the handler of a fresh child from the setup that its first message carries.
using MakeHandler = std::function<Handler(const Bytes& setup)>;

/// The handler of the campaign: the setup is a scan (compute.hpp), the requests are tasks.
MakeHandler compute_handler();

/// The process that forks the compute children of this process. Must be made before MPI_Init and before any thread is
/// started.
///
/// It also makes SIGINT, SIGTERM and SIGUSR1 wait for `signals_since()` from now on, in this process and in all its
/// later threads. The server ends with the process that made it, and the children with the server, however any of them
/// ends.
///
/// No server can be made later: its children would have MPI's memory and connections. So where nobody else could go on
/// with the tasks, `spares` of them wait from the beginning, and one takes the place of a server that is found gone.
class ForkServer {
 public:
  explicit ForkServer(int spares = 0);
  explicit ForkServer(const MakeHandler& make, int spares = 0);
  ForkServer(const ForkServer&) = delete;
  ForkServer& operator=(const ForkServer&) = delete;
  ~ForkServer();

  /// A compute child and the socket to it.
  struct Child {
    pid_t pid = -1;
    int socket = -1;
  };
  /// Forks a child; throws EnvironmentError where the server itself and all spares are gone. `memory_bytes` limits its
  /// private memory; 0: no limit.
  ///
  /// A server that does not answer for twenty seconds (stopped, or its file system is dead) counts as gone, and is
  /// killed. What is sent to a child that does not read for so long fails.
  Child fork_child(double memory_bytes);

  /// How a child ended: in words ("killed by signal 11 (Segmentation fault)"), with the end of what it printed.
  struct End {
    std::string reason;
    std::string log_tail;
  };
  /// Ends a child (SIGKILL where it still runs) and waits for it.
  End end_child(Child& child);

  /// To be called after MPI_Init: where this process dies and mpirun with it, the server removes the files that MPI has
  /// made for it.
  void clean_up_after_mpi();

  pid_t pid() const { return pid_; }
  /// Whether children can be had: false once the server was found gone and no spare is left, for ever.
  bool alive() const { return alive_; }
  /// How many signals arrived since the last call.
  struct Signals {
    int gentle = 0;  ///< SIGUSR1
    int urgent = 0;  ///< SIGINT, SIGTERM: under mpirun the kill follows within two seconds
    int all() const { return gentle + urgent; }
  };
  Signals signals_since();

 private:
  struct Server {
    pid_t pid = -1;
    int control = -1;
  };
  Server start(const MakeHandler& make) const;
  void give_up();

  bool alive_ = true;
  pid_t pid_ = -1;
  int control_ = -1;
  int signals_ = -1;
  std::vector<Server> spares_ = {};
};

/// Why a child gave no answer. The first two may go better another time.
enum class Failure : std::uint8_t {
  none,
  crashed,
  out_of_memory,
  out_of_time,
  exception,
  data_lost,  ///< files of data are gone or have changed: no task that needs them can go on
};

/// One compute child, kept warm, replaced when it ends. Not for several threads.
class Compute {
 public:
  Compute(ForkServer& server, Bytes setup, double memory_bytes);
  Compute(const Compute&) = delete;
  Compute& operator=(const Compute&) = delete;
  ~Compute();

  /// The memory limit from the next request on; a child with another limit is replaced then. It must be idle.
  void limit_memory(double bytes);

  /// Hands a request to the child, which must be idle. Throws EnvironmentError where no child can be had, because the
  /// fork server is gone.
  ///
  /// `seconds` is its limit of processor time, of all its threads together; 0: none. A busy machine does not shorten
  /// it. A child that takes hardly any processor time (less than a hundredth of the limit, for as long as the limit)
  /// hangs, and ends as well.
  void start(const Bytes& request, double seconds);
  bool busy() const { return busy_; }
  /// Since the request was handed over; 0 where the child is idle.
  double seconds_running() const;
  bool server_alive() const { return server_.alive(); }

  struct Answer {
    Failure failure = Failure::none;
    Bytes bytes;         ///< of the handler
    std::string reason;  ///< of a failure
    std::string log_tail;
    double seconds = 0;
    bool success() const { return failure == Failure::none; }
  };
  /// The answer, once it is there: waits `patience` for it at most. A crash, an exception, a lack of memory and a
  /// passed time limit are answers too.
  std::optional<Answer> poll(std::chrono::milliseconds patience);
  /// Ends the child with what it computes; one that is busy is asked to save its state first, and has `patience` for
  /// it. What it answers until then; nullopt where it did not finish.
  std::optional<Answer> stop(std::chrono::milliseconds patience = {});
  pid_t child_pid() const { return child_.pid; }

 private:
  Answer answer(Failure failure, std::string reason);
  Answer replace_child(Failure failure, std::string reason);
  bool receive();
  std::optional<Answer> complete_answer();
  std::string out_of_time();

  ForkServer& server_;
  Bytes setup_;
  double memory_bytes_;
  ForkServer::Child child_;
  bool busy_ = false;
  std::chrono::steady_clock::time_point started_;
  double limit_ = 0;
  double processor_before_ = 0;                   ///< seconds of processor time of the child before this request
  double marked_at_ = 0, processor_at_mark_ = 0;  ///< when it was last seen to get on, and its processor time then
  double looked_at_ = 0;
  Bytes incoming_;  ///< what has arrived of the answer
};

}  // namespace fieldscan::campaign
