#include <string_view>

#include "commands.hpp"

namespace fieldscan::command {

namespace {

constexpr std::string_view stopping = R"(stop: how a run is ended from outside

  fieldscan stop DIR          what is computed may finish, predictions within ten seconds; nothing more is started; from any host that sees DIR
  fieldscan stop DIR --now    what is computed is ended; long trainings save their state first
  kill -USR1 PID              the same as the first, PID that of mpirun; again: as the second
  Ctrl-C, TERM                without mpirun the same. With mpirun, which kills all ranks a second later: what is there is saved at once

  All end with status 75 (mpirun makes its own of a Ctrl-C) and say how to go on. At the deadline what still runs is ended; a rank that
  does not answer then is left behind after ten seconds, and MPI is aborted with the same status.
  A prediction that is ended has no result, and is computed again from its beginning by the next run.
  A run that was killed loses what it had not committed, half a second's worth; `fieldscan status DIR` knows it by its lock file.
)";

constexpr std::string_view statuses = R"(exit status of run

   0  everything that the scan asks for is there
   1  a file, directory or disk is not as needed; or nothing could be started in the time given: submitting the same again is of no use
   3  the scan is invalid
   4  done, but some points are incomplete; or there are no results because all replicas diverged, did not equilibrate, and the like
   7  the store is damaged
  75  stopped in good order with work left: deadline, signal, `fieldscan stop`, or the processes that compute were killed. Submit again
)";

}  // namespace

std::string_view ending_page(std::string_view name) {
  if (name == "stop" || name == "signals" || name == "deadline") return stopping;
  if (name == "exit status" || name == "75") return statuses;
  return {};
}

}  // namespace fieldscan::command
