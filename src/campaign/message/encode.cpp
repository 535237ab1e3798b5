#include "encode.hpp"

#include "flat.hpp"

namespace fieldscan::campaign {

namespace {

void put(FlatWriter& out, const scan::Task& task) {
  out.put(task.kind);
  out.put(task.block);
  out.put(task.index);
  out.put(task.theory);
  out.put(static_cast<std::uint64_t>(task.members.size()));
  for (const auto& member : task.members) {
    out.put(member.draw);
    out.put(member.initialisation);
  }
}

scan::Task get_task(FlatReader& in) {
  scan::Task task;
  task.kind = in.get<scan::Task::Kind>();
  if (task.kind != scan::Task::Kind::replicas && task.kind != scan::Task::Kind::prediction)
    throw MalformedMessage("an unknown word");
  task.block = in.get<std::uint64_t>();
  task.index = in.get<std::uint64_t>();
  task.theory = in.get<std::uint64_t>();
  task.members.resize(in.length(2 * sizeof(std::int64_t)));
  for (auto& member : task.members) {
    member.draw = in.get<std::int64_t>();
    member.initialisation = in.get<std::int64_t>();
  }
  return task;
}

void put(FlatWriter& out, const std::vector<scan::Task>& tasks) {
  out.put(static_cast<std::uint64_t>(tasks.size()));
  for (const scan::Task& task : tasks) put(out, task);
}

constexpr std::size_t least_task_bytes = sizeof(scan::Task::Kind) + 4 * sizeof(std::uint64_t);

std::vector<scan::Task> get_tasks(FlatReader& in) {
  std::vector<scan::Task> tasks(in.length(least_task_bytes));
  for (scan::Task& task : tasks) task = get_task(in);
  return tasks;
}

/// Decodes with `get` and checks that nothing is left over.
template <class Get>
auto whole(const Bytes& bytes, const Get& get) {
  FlatReader in(bytes);
  auto value = get(in);
  in.expect_end();
  return value;
}

}  // namespace

Bytes encode(const Setup& setup) {
  FlatWriter out;
  out.put(std::string_view(setup.text));
  out.put(std::string_view(setup.file));
  out.put(static_cast<std::uint64_t>(setup.overrides.size()));
  for (const auto& text : setup.overrides) out.put(std::string_view(text));
  out.put(std::string_view(setup.checkpoints));
  out.list(std::span(setup.data.data(), setup.data.size()));
  return out.take();
}

Setup decode_setup(const Bytes& bytes) {
  return whole(bytes, [](FlatReader& in) {
    Setup setup{.text = in.text(), .file = in.text(), .overrides = {}, .checkpoints = {}, .data = {}};
    setup.overrides.resize(in.length(sizeof(std::uint64_t)));
    for (auto& text : setup.overrides) text = in.text();
    setup.checkpoints = in.text();
    setup.data = in.list<char>();
    return setup;
  });
}

Bytes encode(const std::vector<scan::Task>& tasks) {
  FlatWriter out;
  put(out, tasks);
  return out.take();
}

std::vector<scan::Task> decode_tasks(const Bytes& bytes) { return whole(bytes, get_tasks); }

Bytes encode(const std::vector<TaskAnswer>& answers) {
  FlatWriter out;
  out.put(static_cast<std::uint64_t>(answers.size()));
  for (const TaskAnswer& answer : answers) {
    out.put(answer.seconds);
    out.put(answer.used_seconds);
    out.list(std::span(answer.results));
  }
  return out.take();
}

std::vector<TaskAnswer> decode_answers(const Bytes& bytes) {
  return whole(bytes, [](FlatReader& in) {
    std::vector<TaskAnswer> answers(in.length(2 * sizeof(double) + sizeof(std::uint64_t)));
    for (TaskAnswer& answer : answers) {
      answer.seconds = in.get<double>();
      answer.used_seconds = in.get<double>();
      answer.results = in.list<char>();
    }
    return answers;
  });
}

Bytes encode(const std::vector<Result>& results) {
  FlatWriter out;
  out.put(static_cast<std::uint64_t>(results.size()));
  for (const Result& result : results) put(out, result);
  return out.take();
}

std::vector<Result> decode_results(const Bytes& bytes) {
  return whole(bytes, [](FlatReader& in) {
    std::vector<Result> results(in.length(least_result_bytes));
    for (Result& result : results) result = get_result(in);
    return results;
  });
}

Bytes encode(const Order& order) {
  FlatWriter out;
  out.put(order.ticket);
  out.put(order.seconds_limit);
  out.put(order.memory_bytes);
  put(out, order.tasks);
  return out.take();
}

Order decode_order(const Bytes& bytes) {
  return whole(bytes, [](FlatReader& in) {
    Order order;
    order.ticket = in.get<std::uint64_t>();
    order.seconds_limit = in.get<double>();
    order.memory_bytes = in.get<double>();
    order.tasks = get_tasks(in);
    return order;
  });
}

Bytes encode(const Report& report) {
  FlatWriter out;
  out.put(report.ticket);
  out.put(report.fate);
  out.put(report.failure);
  out.put(report.seconds);
  for (const std::string* text : {&report.host, &report.reason, &report.log_tail}) out.put(std::string_view(*text));
  out.list(std::span(report.results));
  return out.take();
}

Report decode_report(const Bytes& bytes) {
  return whole(bytes, [](FlatReader& in) {
    Report report;
    report.ticket = in.get<std::uint64_t>();
    report.fate = in.get<Fate>();
    report.failure = in.get<Failure>();
    if (report.fate > Fate::gone || report.failure > Failure::data_lost) throw MalformedMessage("an unknown word");
    report.seconds = in.get<double>();
    for (std::string* text : {&report.host, &report.reason, &report.log_tail}) *text = in.text();
    report.results = in.list<char>();
    return report;
  });
}

Bytes encode(const RunSummary& summary) {
  FlatWriter out;
  for (const auto count : {summary.done, summary.already, summary.results_not_done, summary.failed, summary.left})
    out.put(count);
  out.put(summary.cut);
  out.put(static_cast<std::uint8_t>(summary.without_result));
  out.put(summary.seconds);
  out.put(summary.busy_fraction);
  return out.take();
}

RunSummary decode_summary(const Bytes& bytes) {
  return whole(bytes, [](FlatReader& in) {
    RunSummary summary;
    for (std::uint64_t* count :
         {&summary.done, &summary.already, &summary.results_not_done, &summary.failed, &summary.left})
      *count = in.get<std::uint64_t>();
    summary.cut = in.get<Cut>();
    if (summary.cut > Cut::no_use) throw MalformedMessage("an unknown word");
    summary.without_result = in.get<std::uint8_t>() != 0;
    summary.seconds = in.get<double>();
    summary.busy_fraction = in.get<double>();
    return summary;
  });
}

Bytes encode(const Place& place) {
  FlatWriter out;
  out.put(std::string_view(place.host));
  out.put(place.memory_bytes);
  return out.take();
}

Place decode_place(const Bytes& bytes) {
  return whole(bytes, [](FlatReader& in) {
    Place place{.host = in.text()};
    place.memory_bytes = in.get<double>();
    return place;
  });
}

}  // namespace fieldscan::campaign
