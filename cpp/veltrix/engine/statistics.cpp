#include "veltrix/engine/statistics.hpp"

#include "veltrix/engine/monitor.hpp"
#include "veltrix/engine/producer.hpp"

namespace veltrix {

namespace {

PriorityStatistics statistics_of(const QueueClass& lane, int priority) {
  PriorityStatistics out;
  out.priority = priority;
  out.accepted = lane.accepted;
  out.done = lane.done;
  out.dead = lane.dead;
  out.dropped = lane.dropped;
  out.retried = lane.retried;
  out.in_flight = lane.accepted - lane.done - lane.dead - lane.dropped;
  if (lane.wait != nullptr) out.wait = Quantiles::of(*lane.wait);
  if (lane.handler_time != nullptr) out.handler_time = Quantiles::of(*lane.handler_time);
  return out;
}

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
  Histogram wait, handler_time;
  for (std::uint8_t priority = 0; priority < kPriorities; ++priority) {
    const QueueClass& lane = queue.classes[priority];
    if (lane.accepted == 0) continue;
    if (lane.wait != nullptr) wait.merge(*lane.wait);
    if (lane.handler_time != nullptr) handler_time.merge(*lane.handler_time);
    out.priorities.push_back(statistics_of(lane, priority));
  }
  out.wait = Quantiles::of(wait);
  out.handler_time = Quantiles::of(handler_time);
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
