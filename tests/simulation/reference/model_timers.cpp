// What the passing of time does.

#include <algorithm>

#include "simulation/invariant.hpp"
#include "simulation/reference/model.hpp"

namespace veltrix::simulation {

namespace {
constexpr std::int64_t kTick = 1 << 18;  // ns; timers fire on whole ticks

Sight sight_of_expiry(Entry::State state) {
  if (state == Entry::kDelayed) return kExpiredDelayed;
  if (state == Entry::kHeld) return kExpiredHeld;
  return state == Entry::kAway ? kExpiredAway : kExpiredInLine;
}
}  // namespace

void Model::wait_until(Entry& entry, std::int64_t due) {
  ++queue_of(entry).tally.delayed;
  entry.since = due;
  entry.fires = std::max((due + kTick - 1) / kTick, wheel_tick_ + 1) * kTick;
  timers_.emplace(entry.fires, &entry);
}

void Model::stop_timer(Entry& entry) {
  const auto same = timers_.equal_range(entry.fires);
  const auto found =
      std::find_if(same.first, same.second, [&](const auto& one) { return one.second == &entry; });
  if (found != same.second) timers_.erase(found);  // else it is about to fire
  --queue_of(entry).tally.delayed;
  entry.since = entry.fires = -1;
}

bool Model::timer_due(std::int64_t now) const {
  if (!timers_.empty() && timers_.begin()->first <= now) return true;
  return std::any_of(queues_.begin(), queues_.end(), [&](const QueueModel& queue) {
    return queue.next_expired(now) != nullptr || queue.next_hold(now) != nullptr ||
           std::any_of(queue.lanes.begin(), queue.lanes.end(), [&](const Lane& lane) {
             return lane.gathers && queue.linger_is_over(lane, now);
           });
  });
}

void Model::advance(std::int64_t now) {
  decide(now);
  for (QueueModel& queue : queues_) expire(queue, now);
  for (QueueModel& queue : queues_) end_holds(queue, now);
  std::vector<Entry*> due;
  while (!timers_.empty() && timers_.begin()->first <= now) {
    due.push_back(timers_.begin()->second);
    timers_.erase(timers_.begin());
  }
  wheel_tick_ = std::max(wheel_tick_, now / kTick);
  std::sort(due.begin(), due.end(), [](const Entry* a, const Entry* b) {
    if (a->since != b->since) return a->since < b->since;
    if (a->sequence != b->sequence) return a->sequence < b->sequence;
    return a->target.queue < b->target.queue;
  });
  for (Entry* entry : due) {
    if (entry->fires >= 0 && entry->fires <= now) fire(*entry, now);  // else dropped by another
  }
  for (QueueModel& queue : queues_) end_lingers(queue, now);
}

/// What waited for company long enough is picked as it is.
void Model::end_lingers(QueueModel& queue, std::int64_t now) {
  for (Lane& lane : queue.lanes) {
    if (!lane.gathers || !queue.linger_is_over(lane, now)) continue;
    ++sights_[kLingered];
    lane.gathers = false;
  }
  refresh(queue);
}

void Model::expire(QueueModel& queue, std::int64_t now) {
  while (Entry* entry = queue.next_expired(now)) {
    ++sights_[sight_of_expiry(entry->state)];
    drop(*entry, "expired", now);
  }
}

/// Of each hold that is over: the event, and of its key all that belong before it.
void Model::end_holds(QueueModel& queue, std::int64_t now) {
  while (const Entry* ended = queue.next_hold(now)) {
    const auto goes = [&](const Entry* one) {
      return one->target.key == ended->target.key && !queue.before(*ended, *one);
    };
    std::vector<Entry*> going;
    std::copy_if(queue.held.begin(), queue.held.end(), std::back_inserter(going), goes);
    std::erase_if(queue.held, goes);
    std::sort(going.begin(), going.end(),
              [&](const Entry* a, const Entry* b) { return queue.before(*a, *b); });
    queue.gone[ended->target.key] = ended->time;
    queue.tally.held -= going.size();
    for (std::size_t i = 0; i < going.size(); ++i) {
      if (i != 0 && going[i]->sequence < going[i - 1]->sequence) ++sights_[kReordered];
    }
    for (Entry* one : going) enter(*one, now);
  }
}

void Model::fire(Entry& entry, std::int64_t now) {
  QueueModel& queue = queue_of(entry);
  --queue.tally.delayed;
  entry.since = entry.fires = -1;
  if (entry.state == Entry::kDelayed) {
    arrive(entry, now);
    return;
  }
  if (entry.state == Entry::kAway) {
    come_in(entry, now);
    return;
  }
  Line& line = queue.line_of(entry);
  line.parked = false;
  progress(queue, line, now);
  refresh(queue);
}

/// Back to its place among those of its key that have not run by now.
void Model::come_in(Entry& entry, std::int64_t now) {
  QueueModel& queue = queue_of(entry);
  Line& line = queue.line_of(entry);
  const bool others = !line.waiting.empty();
  Entry* parked = line.parked ? line.waiting.front() : nullptr;
  const bool first = queue.come_in(line, entry, now);
  if (!entry.returns) ++sights_[kCameBack];
  if (first && others) ++sights_[kCameFirst];
  if (first && parked != nullptr) {
    stop_timer(*parked);
    line.parked = false;
  }
  progress(queue, line, now);
  refresh(queue);
  keep_newest(queue, line, now);
}

}  // namespace veltrix::simulation
