#pragma once
#include <optional>
#include <string>

namespace fieldscan::campaign {

/// When the campaign must have stopped.
struct Deadline {
  double seconds = 0;  ///< from now; not above 0 where it has passed
  std::string source;  ///< who says so: "--deadline", "SLURM_JOB_END_TIME", "squeue"
};
/// As given, else from the end of the Slurm job (SLURM_JOB_END_TIME, else squeue) less half a minute or a tenth of what
/// is left, whichever is smaller; nullopt outside of a job, or where it has no end. An end that has passed is not
/// believed where squeue knows better: the variable keeps its value where the limit of a job is raised.
std::optional<Deadline> find_deadline(std::optional<double> given);

/// Slurm's "[days-][[hours:]minutes:]seconds" in seconds; nullopt for words like UNLIMITED.
std::optional<double> parse_time_left(const std::string& text);

/// What a worker knows of it by itself, in seconds from now: without asking Slurm, and nothing where what it would be
/// told is old.
std::optional<double> deadline_of_worker(std::optional<double> given);

}  // namespace fieldscan::campaign
