#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <fstream>

#include "../master/log.hpp"
#include "../master/progress.hpp"
#include "../master/tally.hpp"
#include "fieldscan/campaign/inspect/inspect.hpp"
#include "fieldscan/core/printable.hpp"
#include "fieldscan/store/earlier.hpp"
#include "fieldscan/store/writer.hpp"
#include "last_words.hpp"

namespace fieldscan::campaign {

namespace {

constexpr std::size_t most_bytes = 10000;  ///< of status.json; this program writes some 500

std::string read_status(const std::filesystem::path& directory) {
  const auto file = directory / "status.json";
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(std::filesystem::symlink_status(file, ignored))) return "";
  std::ifstream in(file, std::ios::binary);
  std::string text(most_bytes, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

/// The text behind a key of status.json, which this program wrote; empty where there is none.
std::string field_of(const std::string& json, const std::string& key) {
  const std::string before = fmt::format("\"{}\": ", key);
  const auto begin = json.find(before);
  if (begin == std::string::npos) return "";
  std::string value = json.substr(begin + before.size(), json.find_first_of(",\n", begin) - begin - before.size());
  if (value.starts_with('"')) value = value.substr(1, value.size() - 2);
  return value;
}
double number_of(const std::string& json, const std::string& key) {
  return std::strtod(field_of(json, key).c_str(), nullptr);
}

/// What is left of a run that says in status.json that it goes on, and whose writer is no more.
enum class RunEnd {
  no,      ///< it goes on, or has said how it ended
  killed,  ///< its lock is there, and its log tells of no end
  ended,   ///< it could not write status.json any more: the disk was full, the directory elsewhere
};
RunEnd run_end(const std::string& json, const store::Writer& writer, const LastWords& last) {
  using State = store::Writer::State;
  if (field_of(json, "exit_status") != "null") return RunEnd::no;
  if (writer.state != State::dead && writer.state != State::none) return RunEnd::no;
  return last.ended || writer.state == State::none ? RunEnd::ended : RunEnd::killed;
}

/// "; the process that wrote here is gone without a last word, `fieldscan run` goes on".
std::string words_of_end(RunEnd how, const store::Writer& writer, const LastWords& last) {
  const std::string who = writer.who.empty() ? "the process that wrote here" : writer.who;
  if (how == RunEnd::ended && last.ended) return fmt::format("; its log says: {}", last.words);
  std::string text = how == RunEnd::killed ? fmt::format("; {} is gone without a last word", who)
                                           : fmt::format("; {} has ended and could not write how (a full disk?)", who);
  if (!last.words.empty()) text += fmt::format("; the last error in its log: {}", last.words);
  return text + "; `fieldscan run` goes on";
}

/// What the campaign itself says: its state, rate and time left.
std::string campaign_line(const std::string& json, const store::Writer& writer, const LastWords& last) {
  if (json.empty()) return "not started\n";
  const RunEnd how = run_end(json, writer, last);
  const std::string state = how == RunEnd::killed ? "killed" : how == RunEnd::ended ? "ended" : field_of(json, "state");
  const double seconds = number_of(json, "seconds"), done = number_of(json, "done");
  std::string line = state;
  if (seconds > 0) line += fmt::format(", {} computed in {} ({:.3g}/s)", done, duration_text(seconds), done / seconds);
  line += fmt::format(", workers busy {:.0f} %", 100 * number_of(json, "busy_fraction"));
  if (how != RunEnd::no) return line + words_of_end(how, writer, last) + "\n";
  if (field_of(json, "exit_status") != "null")
    return line + fmt::format(", exit status {}\n", field_of(json, "exit_status"));
  if (const std::string work = field_of(json, "work_done"); !work.empty())
    line += fmt::format(", {} of the work", percent_text(number_of(json, "work_done")));
  line += fmt::format(", {} running on {} workers, {} left", field_of(json, "running"), field_of(json, "workers"),
                      duration_text(number_of(json, "seconds_left")));
  if (!writer.stopped.empty())
    return line +
           fmt::format(
               "; {} is stopped (SIGSTOP, or its job is suspended): nothing goes on, and no deadline is seen, until "
               "it is continued (kill -CONT)\n",
               writer.stopped);
  const double age = static_cast<double>(std::time(nullptr)) - number_of(json, "updated");
  if (age > 60)
    line += fmt::format("; no news for {} of {}: {}", duration_text(age), writer.who,
                        writer.state == store::Writer::State::alive
                            ? "it lives, but may be stopped, or its file system does not answer"
                            : "it may have been killed (`fieldscan run` goes on with it)");
  return line + "\n";
}

std::string tally_text(const Tally& tally) {
  if (tally.wanted == 0) return "none asked for";
  std::string text = fmt::format("{}/{} done", tally.done(), tally.wanted);
  for (std::size_t k = 1; k < tally.by_outcome.size(); ++k)
    if (tally.by_outcome[k] > 0) text += fmt::format(", {} {}", tally.by_outcome[k], word_of(static_cast<Outcome>(k)));
  if (tally.missing > 0) text += fmt::format(", {} left", tally.missing);
  return text;
}

std::string tally_json(const Tally& tally) {
  std::string text = fmt::format("{{\"wanted\": {}, \"left\": {}", tally.wanted, tally.missing);
  for (std::size_t k = 0; k < tally.by_outcome.size(); ++k)
    text += fmt::format(", \"{}\": {}", word_of(static_cast<Outcome>(k)), tally.by_outcome[k]);
  return text + "}";
}

/// "a, b, c" of what `make` makes of each element.
template <class List, class Make>
std::string joined(const List& list, const Make& make) {
  std::string text;
  for (const auto& element : list) text += (text.empty() ? "" : ", ") + make(element);
  return text;
}

}  // namespace

std::string status_text(const scan::Scan& scan, const store::Store& store) {
  const Standings standings = tally(scan, store);
  std::string text = fmt::format("{}: {}", scan.name(),
                                 campaign_line(read_status(store.directory()), store::writer_of(store.directory()),
                                               last_words(store.directory())));
  text += fmt::format("replicas:    {}\npredictions: {}\n", tally_text(standings.replicas),
                      tally_text(standings.predictions));
  if (standings.earlier > 0) text += store::earlier_sentence(standings.earlier) + "\n";
  for (const auto& axis : standings.axes) {
    text += fmt::format("\n{}{}\n", axis.path, axis.block.empty() ? "" : " (" + axis.block + ")");
    for (const auto& [value, tally] : axis.values) text += fmt::format("  {:<16} {}\n", value, tally_text(tally));
  }
  for (const auto& [lack, count] : standings.incomplete) text += fmt::format("\n{} done, but {}\n", count, lack);
  if (!standings.failures.empty()) text += "\nfailures by reason\n";
  for (const auto& [reason, count] : standings.failures) text += fmt::format("  {:>6}  {}\n", count, reason);
  return printable(text);
}

std::string status_json(const scan::Scan& scan, const store::Store& store) {
  const Standings standings = tally(scan, store);
  const std::string campaign = read_status(store.directory());
  const LastWords last = last_words(store.directory());
  const RunEnd how = run_end(campaign, store::writer_of(store.directory()), last);
  const auto value_json = [](const auto& value) {
    return fmt::format("{{\"value\": {}, \"replicas\": {}}}", json_text(value.first), tally_json(value.second));
  };
  const auto axis_json = [&](const Standings::AxisTally& axis) {
    return fmt::format("{{\"block\": {}, \"path\": {}, \"values\": [{}]}}", json_text(axis.block), json_text(axis.path),
                       joined(axis.values, value_json));
  };
  const auto failure_json = [](const auto& failure) {
    return fmt::format("{{\"reason\": {}, \"count\": {}}}", json_text(failure.first), failure.second);
  };
  return fmt::format(
      "{{\"name\": {},\n\"campaign\": {},\n\"killed\": {},\n\"ended\": {},\n\"replicas\": {},\n\"predictions\": {},\n\"earlier\": {},\n"
      "\"axes\": [{}],\n\"failures\": [{}]}}\n",
      json_text(scan.name()), campaign.empty() ? "null" : campaign, how == RunEnd::killed,
      how == RunEnd::ended ? json_text(last.words) : "null", tally_json(standings.replicas),
      tally_json(standings.predictions), standings.earlier, joined(standings.axes, axis_json),
      joined(standings.failures, failure_json));
}

scan::DoneCounts done_counts(const scan::Scan& scan, const store::Store& store) {
  const Standings standings = tally(scan, store);
  return {.replicas = standings.replicas.finished(), .predictions = standings.predictions.finished()};
}

}  // namespace fieldscan::campaign
