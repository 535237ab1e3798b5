#include "fieldscan/campaign/cluster/stop.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "fieldscan/core/error.hpp"
#include "fieldscan/store/writer.hpp"

namespace fieldscan::campaign {

namespace {

constexpr std::string_view now_word = "now\n", drain_word = "drain\n";

std::filesystem::path file_of(const std::filesystem::path& directory) { return directory / "stop"; }

/// Writes a new file in the place of whatever was there, through no link.
void write_request(const std::filesystem::path& file, std::string_view word) {
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  const bool written =
      descriptor >= 0 && write(descriptor, word.data(), word.size()) == static_cast<ssize_t>(word.size());
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  if (!written)
    throw EnvironmentError(
        fmt::format("can not write {} ({}); send SIGUSR1 to its mpirun instead", file.string(), std::strerror(error)));
}

}  // namespace

std::string request_stop(const std::filesystem::path& directory, StopWish wish) {
  const auto writer = store::writer_of(directory);
  if (writer.state == store::Writer::State::none)
    throw EnvironmentError(fmt::format("no run writes to '{}'; is it the directory of the run?", directory.string()));
  if (writer.state == store::Writer::State::dead)
    throw EnvironmentError(
        fmt::format("{} wrote to '{}' and is gone: there is nothing to stop; `fieldscan run` goes on with it",
                    writer.who, directory.string()));
  write_request(file_of(directory), wish == StopWish::now ? now_word : drain_word);
  if (!writer.stopped.empty())
    return fmt::format(
        "{} is asked to stop, but {} is stopped (SIGSTOP, or its job is suspended) and sees nothing: continue it "
        "(kill -CONT), or end it (kill -KILL; what is stored stays)",
        writer.who, writer.stopped);
  return fmt::format("{} is asked to stop{}; `fieldscan status {}` says when it has", writer.who,
                     wish == StopWish::now ? " at once" : " when what it computes is done", directory.string());
}

std::optional<StopWish> stop_request(const std::filesystem::path& directory) {
  const int descriptor = open(file_of(directory).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  std::array<char, 8> buffer{};
  const ssize_t got = read(descriptor, buffer.data(), buffer.size());
  close(descriptor);
  if (got < 0) return std::nullopt;
  const std::string_view word(buffer.data(), static_cast<std::size_t>(got));
  return word.starts_with("now") ? StopWish::now : StopWish::drain;
}

void forget_stop_request(const std::filesystem::path& directory) {
  std::error_code ignored;
  std::filesystem::remove(file_of(directory), ignored);
}

}  // namespace fieldscan::campaign
