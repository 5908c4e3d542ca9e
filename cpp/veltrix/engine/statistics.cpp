#include "veltrix/engine/statistics.hpp"

#include "veltrix/engine/monitor.hpp"
#include "veltrix/engine/producer.hpp"

namespace veltrix {

namespace {

QueueStatistics statistics_of(const QueueState& queue) {
  QueueStatistics out;
  const QueueCounts& counts = queue.counts;
  out.name = queue.options.name;
  out.priority = queue.options.priority;
  out.accepted = counts.accepted;
  out.done = counts.done;
  out.dead = counts.dead;
  out.in_flight = counts.in_flight;
  out.retried = counts.retried;
  out.delayed = counts.delayed;
  out.running = counts.running;
  out.late = counts.late;
  out.dropped = counts.dropped_by_reason;
  out.dead_by_reason = counts.dead_by_reason;
  out.handler_time = Quantiles::of(queue.handler_time);
  Histogram wait;
  for (int priority = 0; priority < kPriorities; ++priority) {
    const QueueClass& lane = queue.classes[static_cast<std::size_t>(priority)];
    if (lane.wait == nullptr) continue;
    wait.merge(*lane.wait);
    out.priorities.push_back({priority, lane.done, Quantiles::of(*lane.wait)});
  }
  out.wait = Quantiles::of(wait);
  return out;
}

EngineStatistics statistics_of(const Machine& machine) {
  EngineStatistics out;
  const MachineCounts& counts = machine.counts();
  out.received = counts.received;
  out.admitted = counts.admitted;
  out.duplicate = counts.duplicate;
  out.rejected = counts.rejected;
  out.unmatched = counts.unmatched;
  out.pending = counts.pending;
  out.follow_ups = counts.follow_ups;
  out.dead_letters = machine.dead_letters().all().size();
  out.dead_letters_evicted = machine.dead_letters().evicted();
  for (const auto& queue : machine.dispatcher().queues()) {
    out.queues.push_back(statistics_of(*queue));
  }
  return out;
}

}  // namespace

EngineStatistics statistics_of(Monitor& monitor) {
  std::uint64_t rejected = 0, unmatched = 0, published = 0;
  monitor.lock();
  EngineStatistics out = statistics_of(monitor.machine());
  monitor.for_producers([&](const Producer& producer) {
    const ProducerCounts& counts = producer.counts();
    published += counts.published.load(std::memory_order_acquire);
    rejected += counts.rejected.load(std::memory_order_relaxed);
    unmatched += counts.unmatched.load(std::memory_order_relaxed);
    out.key_missing += counts.key_missing.load(std::memory_order_relaxed);
  });
  out.epoch = monitor.plan().epoch;
  monitor.unlock();
  const std::uint64_t taken = out.received - out.follow_ups;
  out.in_door = published > taken ? published - taken : 0;
  out.received += out.in_door + rejected + unmatched;
  out.rejected += rejected;
  out.unmatched += unmatched;
  return out;
}

}  // namespace veltrix
