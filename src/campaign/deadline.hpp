#pragma once
#include <optional>
#include <string>

namespace fieldscan::campaign {

/// Seconds until the campaign must have stopped: as given, else from the end of the Slurm job (SLURM_JOB_END_TIME, else squeue) less
/// half a minute or a tenth of what is left, whichever is smaller; nullopt outside of a job, or where it has no end.
std::optional<double> seconds_to_deadline(std::optional<double> given);

/// Slurm's "[days-][[hours:]minutes:]seconds" in seconds; nullopt for words like UNLIMITED.
std::optional<double> parse_time_left(const std::string& text);

}  // namespace fieldscan::campaign
