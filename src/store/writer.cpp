#include "fieldscan/store/writer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "lock.hpp"

namespace fieldscan::store {

Writer writer_of(const std::filesystem::path& directory) {
  const int descriptor = open((directory / "lock").c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return {};
  std::array<char, 1024> buffer{};
  const ssize_t got = read(descriptor, buffer.data(), buffer.size());
  close(descriptor);
  const auto holder = Holder::parse(got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : "");
  if (!holder) return {.state = Writer::State::unknown, .who = "a process that has not said its name yet"};
  Writer writer{.who = fmt::format("process {} on {}{}", holder->pid, holder->host,
                                   holder->job.empty() ? "" : ", Slurm job " + holder->job)};
  if (!may_be_alive(*holder))
    writer.state = Writer::State::dead;
  else
    writer.state =
        holder->host == Holder::self().host || !holder->job.empty() ? Writer::State::alive : Writer::State::unknown;
  return writer;
}

}  // namespace fieldscan::store
