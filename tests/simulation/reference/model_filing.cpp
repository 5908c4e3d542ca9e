// From acceptance into line: what a queue's policies do with a delivery before it is ready.

#include <algorithm>

#include "simulation/invariant.hpp"
#include "simulation/reference/model.hpp"

namespace veltrix::simulation {

void Model::file(Record& record, std::int64_t now) {
  record.fate = Fate::kAccepted;
  for (Entry& entry : record.entries) file_one(entry, now);
}

void Model::file_one(Entry& entry, std::int64_t now) {
  QueueModel& queue = queue_of(entry);
  ++queue.tally.accepted;
  if (entry.target.turned_away) {
    ++sights_[kDropNewest];
    end_by_policy(entry, "newest");
    return;
  }
  accept(entry);
  if (repeats(entry, now)) {
    ++sights_[kRepeated];
    end_by_policy(entry, "duplicate");
    return;
  }
  if (entry.expiry <= now) {
    ++sights_[kExpiredAtOnce];
    end_by_policy(entry, "expired");
    return;
  }
  if (entry.target.due > now) {
    entry.state = Entry::kDelayed;
    wait_until(entry, entry.target.due);
  } else {
    arrive(entry, now);
  }
  if (queue.drops_waiting()) evict(queue, now);
}

/// The delivery counts as in flight from now on.
void Model::accept(Entry& entry) {
  QueueModel& queue = queue_of(entry);
  ++queue.tally.in_flight;
  queue.tally.bytes += entry.bytes;
  queue.open[entry.sequence] = &entry;
  std::int64_t expiry = records_.at(entry.ref.event).event.expires;
  if (queue.options.ttl > 0) expiry = std::min(expiry, entry.published + queue.options.ttl);
  entry.expiry = expiry;
  if (expiry != INT64_MAX) queue.expiring[{expiry, entry.sequence}] = &entry;
}

/// The queue's own window.
bool Model::repeats(Entry& entry, std::int64_t now) {
  QueueModel& queue = queue_of(entry);
  if (!queue.repeats.enabled() || entry.target.repeat == 0 || entry.returns) return false;
  if (queue.repeats.find(entry.target.repeat, now).sequence != 0) return true;
  queue.repeats.insert(entry.target.repeat, {entry.sequence, 0}, now);
  return false;
}

/// At filing, or when its delay is over.
void Model::arrive(Entry& entry, std::int64_t now) {
  QueueModel& queue = queue_of(entry);
  if (entry.returns) {
    come_in(entry, now);
    return;
  }
  const bool sorted = queue.sorts() && entry.keyed();
  if (sorted) end_holds(queue, now);
  if (!sorted || !entry.has_time) {
    enter(entry, now);
    return;
  }
  if (!too_late(entry)) {
    ++sights_[kHeld];
    ++queue.tally.held;
    entry.state = Entry::kHeld;
    entry.hold_ends = now + queue.options.sort_wait;
    queue.held.push_back(&entry);
    return;
  }
  ++queue.tally.reordered_late;
  switch (queue.options.sort_late) {
    case Late::kDeliver:
      ++sights_[kLateDelivered];
      enter(entry, now);
      break;
    case Late::kDead:
      ++sights_[kLateDead];
      end_dead(entry, "late");
      break;
    case Late::kDrop:
      ++sights_[kLateDropped];
      end_by_policy(entry, "late");
      break;
  }
}

/// A later event of its key has gone into line already.
bool Model::too_late(Entry& entry) {
  const QueueModel& queue = queue_of(entry);
  const auto last = queue.gone.find(entry.target.key);
  return last != queue.gone.end() && entry.time < last->second;
}

/// At the end of its line, if that lets it in.
void Model::enter(Entry& entry, std::int64_t now) {
  QueueModel& queue = queue_of(entry);
  Line& line = queue.line_of(entry);
  const bool newest_only = queue.keeps_latest() && entry.keyed();
  if (!newest_only && !queue.has_room_in_line(line)) {
    ++sights_[kKeyOverflow];
    end_dead(entry, "key_overflow");
    return;
  }
  queue.join(line, entry, now);
  progress(queue, line, now);
  refresh(queue);
  keep_newest(queue, line, now);
}

void Model::keep_newest(QueueModel& queue, Line& line, std::int64_t now) {
  if (!queue.keeps_latest() || !line.keyed()) return;
  while (line.waiting.size() > 1) {
    ++sights_[kSuperseded];
    drop(*line.waiting.front(), "superseded", now);
  }
}

void Model::evict(QueueModel& queue, std::int64_t now) {
  const bool oldest = queue.options.overflow == Overflow::kDropOldest;
  while (queue.over_capacity()) {
    Entry* first = queue.first_to_drop();
    if (first == nullptr) return;
    ++sights_[oldest ? kDropOldest : kDropLowest];
    drop(*first, oldest ? "oldest" : "lowest", now);
  }
}

/// Who is next in a line of which nothing runs.
void Model::progress(QueueModel& queue, Line& line, std::int64_t now) {
  if (line.running != 0) return;
  if (line.waiting.empty()) {
    queue.forget(line);
    return;
  }
  if (line.parked || line.listed_in >= 0) return;
  Entry& head = *line.waiting.front();
  const bool retries = head.since > now;
  const std::int64_t not_before = retries ? head.since : queue.next_begin(line.number);
  if (not_before <= now) {
    queue.list_head(line, now);
    return;
  }
  ++sights_[retries ? kParked : kSpaced];
  line.parked = true;
  wait_until(head, not_before);
}

/// Out of wherever it waits.
void Model::withdraw(Entry& entry, std::int64_t now) {
  QueueModel& queue = queue_of(entry);
  if (entry.fires >= 0) stop_timer(entry);
  if (entry.state == Entry::kHeld) {
    --queue.tally.held;
    queue.held.erase(std::find(queue.held.begin(), queue.held.end(), &entry));
  }
  if (entry.state != Entry::kWaiting) return;
  Line& line = queue.line_of(entry);
  if (line.waiting.front() == &entry) line.parked = false;
  queue.leave(line, entry);
  progress(queue, line, now);
  refresh(queue);
}

}  // namespace veltrix::simulation
