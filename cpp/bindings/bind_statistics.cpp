#include "bindings/bind_statistics.hpp"

#include "veltrix/connect/jsonl/jsonl_source.hpp"

#include "bindings/event_object.hpp"
#include "bindings/python_text.hpp"

namespace veltrix {

namespace {

double seconds(std::int64_t ns) { return static_cast<double>(ns) / 1e9; }

py::dict to_dict(const Distribution& times) {
  py::tuple buckets(times.buckets.size());
  for (std::size_t i = 0; i < times.buckets.size(); ++i) buckets[i] = times.buckets[i];
  py::dict out;
  out["count"] = times.count;
  out["sum"] = seconds(times.sum);
  out["p50"] = seconds(times.p50);
  out["p99"] = seconds(times.p99);
  out["max"] = seconds(times.max);
  out["buckets"] = buckets;
  return out;
}

py::dict to_dict(const std::map<std::string, std::uint64_t>& reasons) {
  py::dict out;
  for (const auto& [reason, count] : reasons) out[python_text(reason)] = count;
  return out;
}

py::dict to_dict(const PriorityStatistics& one) {
  py::dict out;
  out["accepted"] = one.accepted;
  out["done"] = one.done;
  out["dead"] = one.dead;
  out["dropped"] = one.dropped;
  out["retried"] = one.retried;
  out["in_flight"] = one.in_flight;
  out["wait"] = to_dict(one.wait);
  out["handler_time"] = to_dict(one.handler_time);
  return out;
}

py::dict to_dict(const QueueStatistics& queue) {
  py::dict out;
  out["accepted"] = queue.accepted;
  out["done"] = queue.done;
  out["dead"] = queue.dead;
  out["dropped"] = to_dict(queue.dropped);
  out["dead_by_reason"] = to_dict(queue.dead_by_reason);
  out["in_flight"] = queue.in_flight;
  out["retried"] = queue.retried;
  out["delayed"] = queue.delayed;
  out["running"] = queue.running;
  out["held"] = queue.held;
  out["late"] = queue.late;
  out["reordered_late"] = queue.reordered_late;
  out["gil_wait"] = seconds(queue.lock_wait_ns);
  out["gil_hold"] = seconds(queue.lock_hold_ns);
  out["in_flight_bytes"] = queue.in_flight_bytes;
  out["oldest_ready_age"] = seconds(queue.oldest_ready_ns);
  out["capacity_events"] = queue.capacity_events;
  out["capacity_bytes"] = queue.capacity_bytes;
  out["depth"] = queue.in_flight - queue.running - queue.delayed - queue.held;
  out["priority"] = queue.priority;
  out["wait"] = to_dict(queue.wait);
  out["handler_time"] = to_dict(queue.handler_time);
  py::dict priorities;
  for (const PriorityStatistics& one : queue.priorities) {
    priorities[py::int_(one.priority)] = to_dict(one);
  }
  out["priorities"] = priorities;
  return out;
}

py::dict to_dict(const RouteStatistics& route) {
  py::dict out;
  out["matched"] = route.matched;
  out["filtered"] = route.filtered;
  out["filter_missing"] = route.filter_missing;
  out["filter_error"] = route.filter_error;
  out["key_missing"] = route.key_missing;
  out["priority_missing"] = route.priority_missing;
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
  totals["conflict"] = statistics.conflict;
  totals["redriven"] = statistics.redriven;
  py::dict queues;
  for (const QueueStatistics& queue : statistics.queues)
    queues[queue.name.c_str()] = to_dict(queue);
  py::dict routes;
  for (const RouteStatistics& route : statistics.routes)
    routes[python_text(route.name)] = to_dict(route);
  py::dict out;
  out["totals"] = totals;
  out["queues"] = queues;
  out["routes"] = routes;
  out["epoch"] = statistics.epoch;
  out["uptime"] = statistics.uptime_ns;
  out["native_cpu"] = seconds(statistics.native_cpu_ns);
  out["python_cpu"] = seconds(statistics.python_cpu_ns);
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
      row["file"] = python_text(reject.file);
      row["line"] = reject.line;
      row["code"] = std::string(error_name(reject.code));
      row["error"] = python_text(reject.error);
      rejects.append(row);
    }
    py::dict row;
    row["name"] = state.sources[i]->name();
    row["records"] = progress.records.load();
    row["filtered"] = progress.filtered.load();
    row["rejected"] = progress.rejected.load();
    row["bytes"] = progress.bytes.load();
    row["total_bytes"] = progress.total_bytes.load();
    row["done"] = runner.done();
    row["error"] = python_text(runner.done() ? runner.error() : std::string());
    row["recent_rejects"] = rejects;
    out.append(row);
  }
  return out;
}

py::list executors_of(const EngineState& state) {
  py::list out;
  if (!state.engine) return out;
  for (const auto& executor : state.engine->runners()) {
    py::dict row;
    row["name"] = executor->name();
    row["busy"] = executor->busy();
    out.append(row);
  }
  return out;
}

py::object copied_event(const Slot& slot, std::string_view type) {
  PyObject* event = copy_event(slot, type);
  if (event == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(event);
}

void bind_statistics(py::module_& module) {
  module.def(
      "histogram_bounds",
      [] {
        std::vector<double> bounds;
        for (const std::int64_t bound : kHistogramBounds) bounds.push_back(seconds(bound));
        return bounds;
      },
      "Upper bounds of every histogram's buckets, in seconds.");
}

}  // namespace veltrix
