#include "bindings/bind_statistics.hpp"

#include "bindings/event_object.hpp"
#include "veltrix/connect/jsonl/jsonl_source.hpp"

namespace veltrix {

namespace {

double seconds(std::int64_t ns) { return static_cast<double>(ns) / 1e9; }

py::dict to_dict(const Quantiles& quantiles) {
  py::dict out;
  out["count"] = quantiles.count;
  out["sum"] = seconds(quantiles.sum);
  out["p50"] = seconds(quantiles.p50);
  out["p99"] = seconds(quantiles.p99);
  out["max"] = seconds(quantiles.max);
  return out;
}

py::dict to_dict(const QueueStatistics& queue) {
  py::dict out;
  out["accepted"] = queue.accepted;
  out["done"] = queue.done;
  out["dead"] = queue.dead;
  out["dropped"] = queue.dropped;
  out["dead_by_reason"] = queue.dead_by_reason;
  out["in_flight"] = queue.in_flight;
  out["retried"] = queue.retried;
  out["delayed"] = queue.delayed;
  out["running"] = queue.running;
  out["late"] = queue.late;
  out["depth"] = queue.in_flight - queue.running - queue.delayed;
  out["priority"] = queue.priority;
  out["wait"] = to_dict(queue.wait);
  out["handler_time"] = to_dict(queue.handler_time);
  py::dict priorities;
  for (const PriorityStatistics& one : queue.priorities) {
    py::dict row;
    row["done"] = one.done;
    row["wait"] = to_dict(one.wait);
    priorities[py::int_(one.priority)] = row;
  }
  out["priorities"] = priorities;
  return out;
}

}  // namespace

py::dict to_dict(const EngineStatistics& statistics) {
  py::dict totals;
  totals["received"] = statistics.received;
  totals["admitted"] = statistics.admitted;
  totals["duplicate"] = statistics.duplicate;
  totals["rejected"] = statistics.rejected;
  totals["filtered"] = statistics.filtered;
  totals["unmatched"] = statistics.unmatched;
  totals["in_door"] = statistics.in_door;
  totals["pending"] = statistics.pending;
  totals["follow_ups"] = statistics.follow_ups;
  totals["key_missing"] = statistics.key_missing;
  py::dict queues;
  for (const QueueStatistics& queue : statistics.queues) queues[queue.name.c_str()] = to_dict(queue);
  py::dict out;
  out["totals"] = totals;
  out["queues"] = queues;
  out["epoch"] = statistics.epoch;
  out["uptime"] = statistics.uptime_ns;
  out["dead_letters"] = statistics.dead_letters;
  out["dead_letters_evicted"] = statistics.dead_letters_evicted;
  return out;
}

py::dict to_dict(const DrainReport& report) {
  py::dict left;
  for (const auto& [queue, count] : report.left) left[queue.c_str()] = count;
  py::dict out;
  out["drained"] = report.drained;
  out["left"] = left;
  out["elapsed"] = report.elapsed_ns;
  return out;
}

py::list sources_of(const EngineState& state) {
  py::list out;
  if (!state.engine) return out;
  for (std::size_t i = 0; i < state.sources.size(); ++i) {
    const SourceProgress& progress = state.sources[i]->progress();
    const SourceRunner& runner = *state.engine->sources()[i];
    py::list rejects;
    for (const Reject& reject : state.sources[i]->recent_rejects()) {
      py::dict row;
      row["file"] = reject.file;
      row["line"] = reject.line;
      row["code"] = std::string(error_name(reject.code));
      row["error"] = reject.error;
      rejects.append(row);
    }
    py::dict row;
    row["name"] = state.sources[i]->name();
    row["records"] = progress.records.load();
    row["rejected"] = progress.rejected.load();
    row["bytes"] = progress.bytes.load();
    row["total_bytes"] = progress.total_bytes.load();
    row["done"] = runner.done();
    row["error"] = runner.done() ? runner.error() : std::string();
    row["recent_rejects"] = rejects;
    out.append(row);
  }
  return out;
}

py::list executors_of(const EngineState& state) {
  py::list out;
  if (!state.engine) return out;
  for (const auto& executor : state.engine->executors()) {
    py::dict row;
    row["name"] = executor->name();
    row["busy"] = executor->busy();
    out.append(row);
  }
  return out;
}

py::list dead_letters_of(EngineState& state) {
  struct Row {
    Slot* slot;
    std::uint16_t queue, attempts;
    std::int64_t age_ns;
    std::string code, text;
  };
  std::vector<Row> rows;
  Monitor& monitor = state.monitor();
  {
    const py::gil_scoped_release released;
    monitor.lock();
    for (const DeadLetter& letter : monitor.machine().dead_letters().all()) {
      letter.slot->refs.fetch_add(1, std::memory_order_relaxed);
      rows.push_back({letter.slot, letter.queue, letter.attempts, monitor.now() - letter.at_ns,
                      letter.code, letter.text});
    }
    monitor.unlock();
  }
  py::list out;
  for (const Row& row : rows) {
    const std::string_view type =
        row.slot->type == kNoType ? std::string_view() : monitor.types.text(row.slot->type);
    py::dict entry;
    entry["event"] = py::reinterpret_steal<py::object>(copy_event(*row.slot, type));
    entry["queue"] = row.queue == kNoQueue ? py::object(py::none())
                                           : py::str(monitor.options(row.queue).name);
    entry["attempts"] = row.attempts;
    entry["age"] = row.age_ns;
    entry["code"] = row.code;
    entry["text"] = row.text;
    out.append(entry);
    release(row.slot);
  }
  return out;
}

}  // namespace veltrix
