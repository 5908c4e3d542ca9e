// What may be picked.

#include <algorithm>
#include <cmath>

#include "simulation/invariant.hpp"
#include "simulation/reference/model.hpp"

namespace veltrix::simulation {

void Model::peek(int pool, int queue, std::int64_t now) {
  rule(pool).look(now);
  require((queue >= 0) == rule(pool).anything_eligible(), kNoIdle,
          "next_queue() and the rule disagree on whether work is ready");
}

double Model::pick(int pool, const SeenPick& pick, std::size_t most, std::int64_t now) {
  if (pick.queue >= 0) check_order(pick);
  const double time = rule(pool).check(pick, now);
  if (pick.queue < 0) return 0;
  QueueModel& queue = queues_[static_cast<std::size_t>(pick.queue)];
  const double cost = queue.cost;
  take_batch(pick, bound(pick, time, most), now);
  queue.tally.running += pick.deliveries.size();
  const double estimate = cost * static_cast<double>(pick.deliveries.size());
  rule(pool).begin(pick, estimate);
  ++sights_[kPicked];
  ++sights_[pick.reason == Reason::kOverdue    ? kOverdue
            : pick.reason == Reason::kMinShare ? kMinShare
                                               : kHighest];
  return estimate;
}

/// Each delivery is the next of its line, and nothing of that line runs or may not run yet.
void Model::check_order(const SeenPick& pick) {
  std::map<const Line*, std::size_t> taken;
  for (const Ref& ref : pick.deliveries) {
    Entry& one = entry(ref);
    const QueueModel& queue = queue_of(one);
    const auto say = [&](const char* what) {
      return [&one, what] {
        return what + pairs(": event", one.ref.event, "sequence", one.sequence, "queue",
                            one.target.queue, "key", one.target.key);
      };
    };
    require(one.target.queue == pick.queue, kPickRule, say("it is of another queue"));
    require(one.state == Entry::kWaiting, one.state == Entry::kHeld ? kSorted : kKeyOrder,
            say("picked, but it does not wait in line"));
    const Line& line = queue_of(one).line_of(one);
    std::size_t& count = taken[&line];
    require(line.running == 0, kKeyOrder, say("two batches of one key are in flight"));
    require(!line.parked, queue.keeps_latest() ? kLatest : kKeyOrder,
            say("its key is to wait for a retry, or for its next time"));
    require(count < line.waiting.size() && line.waiting[count] == &one,
            queue.sorts() ? kSorted : kKeyOrder, say("an earlier event of its key waits"));
    ++count;
  }
}

/// How many deliveries the batch may hold. Where rounding decides, the machine is right.
std::size_t Model::bound(const SeenPick& pick, double time, std::size_t most) const {
  const QueueModel& queue = queues_[static_cast<std::size_t>(pick.queue)];
  if (queue.batches()) return queue.options.batch_max_events;
  const double limit = std::min(static_cast<double>(options_.batch_time), time);
  const double by_time = limit / std::max(queue.cost, 1.0);
  const auto clamped = [&](double count) {
    return std::max<std::size_t>(1, std::min(most, static_cast<std::size_t>(std::max(count, 0.0))));
  };
  const std::size_t low = clamped(by_time - 1e-6 * (1 + by_time));
  const std::size_t high = clamped(by_time + 1e-6 * (1 + by_time));
  return std::clamp(pick.deliveries.size(), low, high);
}

void Model::take_batch(const SeenPick& pick, std::size_t most, std::int64_t now) {
  QueueModel& queue = queues_[static_cast<std::size_t>(pick.queue)];
  Lane& lane = queue.lanes[static_cast<std::size_t>(pick.priority)];
  const auto& ready = lane.ready;
  const auto overdue = [&](std::int64_t since) {
    return pick.reason != Reason::kOverdue || queue.batches() ||
           since + queue.options.max_wait <= now;
  };
  require(pick.deliveries.size() <= most, kPickRule, [&] {
    return "the batch is longer than its time allows: " +
           pairs("size", pick.deliveries.size(), "bound", most);
  });
  for (std::size_t i = 0; i < pick.deliveries.size();) {
    require(!ready.empty() && overdue(ready.begin()->first), kPickRule,
            "a batch of overdue work took what is not overdue");
    i += take_run(pick, i, most, now);
  }
  const bool full =
      pick.deliveries.size() == most || ready.empty() || !overdue(ready.begin()->first);
  require(full, kPickRule, "the batch ended although it had time for more ready work");
  if (queue.batches()) ++sights_[kBatchWhole];
  if (queue.gathers_anew(lane, now)) ++sights_[kBatchLeft];
}

/// Takes one line's part of the batch; returns how long it is.
std::size_t Model::take_run(const SeenPick& pick, std::size_t from, std::size_t most,
                            std::int64_t now) {
  Entry& first = entry(pick.deliveries[from]);
  QueueModel& queue = queue_of(first);
  Line& line = queue.line_of(first);
  const auto& ready = queue.lanes[static_cast<std::size_t>(pick.priority)].ready;
  require(line.listed_in == pick.priority, kPickRule, [&] {
    return "a key's class is the highest of its waiting events: " +
           pairs("picked", pick.priority, "class", line.listed_in);
  });
  require(first.since == ready.begin()->first, kPickRule, "older ready work was passed over");
  queue.unlist(line);
  if (queue.keeps_latest() && line.keyed()) queue.begun[line.number] = now;
  const std::size_t room = most - from;
  const bool alone = queue.batches() || (from == 0 && ready.empty());
  std::size_t run = alone ? room : std::min<std::size_t>(room, options_.key_run);
  run = std::min(run, line.waiting.size());
  require(from + run <= pick.deliveries.size(), kPickRule, "a key's run was cut short");
  for (std::size_t i = 0; i < run; ++i) {
    Entry& one = queue.begin(line);
    if (i != 0) one.since = -1;
    const Ref& seen = pick.deliveries[from + i];
    require(seen.event == one.ref.event && seen.place == one.ref.place, kPickRule,
            "a key's run was cut short by another key");
  }
  return run;
}

void Model::finish(const SeenPick& pick, double estimate, double took, std::size_t ran) {
  QueueModel& queue = queues_[static_cast<std::size_t>(pick.queue)];
  if (ran != 0) queue.learn(took, ran);
  rule(queue.pool).finish(pick, estimate, took);
}

}  // namespace veltrix::simulation
