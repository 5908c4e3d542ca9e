#include "veltrix/engine/statistics.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include "veltrix/engine/monitor.hpp"
#include "veltrix/engine/producer.hpp"

namespace veltrix {

namespace {

/// What the priorities of a queue have recorded, to be read as one.
class Recorded {
 public:
  void add(const std::unique_ptr<Histogram>& one) {
    if (one != nullptr) all_[count_++] = one.get();
  }
  Distribution read() const { return Histogram::read({all_.data(), count_}); }

 private:
  std::array<const Histogram*, kPriorities> all_{};
  std::size_t count_ = 0;
};

Distribution distribution_of(const std::unique_ptr<Histogram>& one) {
  Recorded alone;
  alone.add(one);
  return alone.read();
}

PriorityStatistics statistics_of(const QueueClass& lane, int priority) {
  PriorityStatistics out;
  out.priority = priority;
  out.accepted = lane.accepted;
  out.done = lane.done;
  out.dead = lane.dead;
  out.dropped = lane.dropped;
  out.retried = lane.retried;
  out.in_flight = lane.accepted - lane.done - lane.dead - lane.dropped;
  out.wait = distribution_of(lane.wait);
  out.handler_time = distribution_of(lane.handler_time);
  return out;
}

std::int64_t oldest_ready_ns(const QueueState& queue, std::int64_t now) {
  std::int64_t since = now;
  for (const QueueClass& lane : queue.classes) {
    if (!lane.ready.empty()) since = std::min(since, lane.ready.front()->ready_ns);
  }
  return now - since;
}

QueueStatistics statistics_of(const QueueState& queue, std::int64_t now) {
  QueueStatistics out;
  const QueueCounts& counts = queue.counts;
  out.name = queue.options.name;
  out.priority = queue.options.priority;
  out.capacity_events = queue.options.capacity_events;
  out.capacity_bytes = queue.options.capacity_bytes;
  out.accepted = counts.accepted;
  out.done = counts.done;
  out.dead = counts.dead;
  out.in_flight = counts.in_flight;
  out.retried = counts.retried;
  out.delayed = counts.delayed;
  out.running = counts.running;
  out.held = counts.held;
  out.late = counts.late;
  out.reordered_late = counts.reordered_late;
  out.lock_wait_ns = counts.lock_wait_ns;
  out.lock_hold_ns = counts.lock_hold_ns;
  out.in_flight_bytes = queue.in_flight_bytes;
  out.oldest_ready_ns = oldest_ready_ns(queue, now);
  out.dropped = counts.dropped_by_reason.all();
  out.dead_by_reason = counts.dead_by_reason.all();
  Recorded wait, handler_time;
  for (std::uint8_t priority = 0; priority < kPriorities; ++priority) {
    const QueueClass& lane = queue.classes[priority];
    if (lane.accepted == 0) continue;
    wait.add(lane.wait);
    handler_time.add(lane.handler_time);
    out.priorities.push_back(statistics_of(lane, priority));
  }
  out.wait = wait.read();
  out.handler_time = handler_time.read();
  return out;
}

void add_machine(const Machine& machine, std::int64_t now, EngineStatistics& out) {
  const MachineCounts& counts = machine.counts();
  out.received = counts.received;
  out.admitted = counts.admitted;
  out.duplicate = counts.duplicate;
  out.rejected = counts.rejected;
  out.unmatched = counts.unmatched;
  out.filtered = counts.filtered;
  out.pending = counts.pending;
  out.follow_ups = counts.follow_ups;
  out.conflict = counts.conflict;
  out.redriven = counts.redriven;
  out.dead_letters = machine.dead_letters().all().size();
  out.dead_letters_evicted = machine.dead_letters().evicted();
  for (const auto& queue : machine.dispatcher().queues()) {
    out.queues.push_back(statistics_of(*queue, now));
  }
}

/// What producers have counted so far, over all of them.
struct Produced {
  std::uint64_t published = 0, rejected = 0, unmatched = 0, filtered = 0, key_missing = 0;

  void add(const Producer& producer) {
    const ProducerCounts& counts = producer.counts();
    published += counts.published.load(std::memory_order_acquire);
    rejected += counts.rejected.load(std::memory_order_relaxed);
    unmatched += counts.unmatched.load(std::memory_order_relaxed);
    filtered += counts.filtered.load(std::memory_order_relaxed);
    key_missing += counts.key_missing.load(std::memory_order_relaxed);
  }
};

void add_tally(const RouteTally& tally, RouteStatistics& out) {
  out.matched += tally.get(RouteCount::kMatched);
  out.filtered += tally.get(RouteCount::kFiltered);
  out.filter_missing += tally.get(RouteCount::kFilterMissing);
  out.filter_error += tally.get(RouteCount::kFilterError);
  out.key_missing += tally.get(RouteCount::kKeyMissing);
  out.priority_missing += tally.get(RouteCount::kPriorityMissing);
}

}  // namespace

EngineStatistics statistics_of(Monitor& monitor) {
  Produced produced;
  const RouteTable& routes = *monitor.plan().routes;
  EngineStatistics out;
  out.queues.reserve(monitor.queue_count());
  monitor.lock();
  add_machine(monitor.machine(), monitor.now(), out);
  monitor.for_producers([&](const Producer& producer) { produced.add(producer); });
  out.epoch = monitor.plan().epoch;
  monitor.unlock();
  // Not part of the ledger: no reason to hold the lock for thousands of routes.
  for (std::uint32_t route = 0; route < routes.size(); ++route) {
    RouteStatistics& one = out.routes.emplace_back();
    one.name = routes.name_of(route);
  }
  monitor.for_producers([&](const Producer& producer) {
    for (std::size_t i = 0; i < out.routes.size(); ++i) {
      add_tally(producer.tallies()[i], out.routes[i]);
    }
  });
  const std::uint64_t taken = out.received - out.follow_ups;
  out.in_door = produced.published > taken ? produced.published - taken : 0;
  out.received += out.in_door + produced.rejected + produced.unmatched + produced.filtered;
  out.rejected += produced.rejected;
  out.unmatched += produced.unmatched;
  out.filtered += produced.filtered;
  out.key_missing = produced.key_missing;
  return out;
}

}  // namespace veltrix
