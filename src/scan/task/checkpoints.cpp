#include "fieldscan/scan/task/checkpoints.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/hash.hpp"
#include "fieldscan/core/output.hpp"

namespace fieldscan::scan {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds between_looks{20};
constexpr std::string_view mark = "fieldscan checkpoint 1";

void note(const std::filesystem::path& path, std::string_view what) {
  say(fmt::format("checkpoint {} {}\n", path.string(), what));
}

Id checksum(const std::string& identity, const Bytes& state) {
  return hash128(identity + std::string(state.begin(), state.end()));
}

}  // namespace

CheckpointFile::CheckpointFile(const Checkpoints& settings, const Point& point, const training::ObservePlan& plan,
                               std::int64_t draw, std::int64_t initialisation)
    : settings_(settings),
      identity_(fmt::format("{}draw {}\ninitialisation {}\n{}program {}\n", point_text(point.spec), draw,
                            initialisation, training::plan_text(plan), settings.program)),
      path_(settings.directory / (hash128(identity_).hex() + ".state")),
      saved_(Clock::now()),
      looked_(saved_) {}

training::Checkpoint CheckpointFile::checkpoint() {
  return {.wish = [this] { return wish(); },
          .load = [this] { return load(); },
          .save = [this](const Bytes& state) { save(state); }};
}

training::Checkpoint::Wish CheckpointFile::wish() {
  using Wish = training::Checkpoint::Wish;
  const auto now = Clock::now();
  if (now - looked_ < between_looks) return Wish::nothing;
  looked_ = now;
  if (settings_.stop && settings_.stop()) return Wish::stop;
  if (std::chrono::duration<double>(now - saved_).count() < settings_.seconds) return Wish::nothing;
  saved_ = now;
  return Wish::save;
}

Bytes CheckpointFile::load() const {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(std::filesystem::symlink_status(path_, ignored))) return {};
  std::ifstream file(path_, std::ios::binary);
  if (!file) return {};
  const Bytes bytes{std::istreambuf_iterator<char>(file), {}};
  try {
    FlatReader in(bytes);
    if (in.text() != mark || in.text() != identity_) throw MalformedMessage("it belongs to something else");
    Bytes state = in.list<char>();
    const Id sum{.high = in.get<std::uint64_t>(), .low = in.get<std::uint64_t>()};
    in.expect_end();
    if (sum != checksum(identity_, state)) throw MalformedMessage("its checksum is wrong");
    return state;
  } catch (const MalformedMessage& error) {
    note(path_, fmt::format("is ignored ({}); the training starts anew", error.what()));
    return {};
  }
}

void CheckpointFile::save(const Bytes& state) const {
  FlatWriter out;
  out.put(mark);
  out.put(std::string_view(identity_));
  out.list(std::span(state.data(), state.size()));
  const Id sum = checksum(identity_, state);
  out.put(sum.high);
  out.put(sum.low);
  const Bytes bytes = out.take();
  try {
    make_directory(settings_.directory);
    write_file(path_, std::string_view(bytes.data(), bytes.size()));
  } catch (const EnvironmentError& error) {
    note(path_, fmt::format("is not kept ({}); the training goes on without it", error.what()));
  }
}

void CheckpointFile::remove() const {
  std::error_code error;
  if (std::filesystem::remove(path_, error)) std::filesystem::remove(settings_.directory, error);
}

}  // namespace fieldscan::scan
