#include "simulation/reference/model.hpp"

#include <algorithm>

#include "simulation/invariant.hpp"

namespace veltrix::simulation {

namespace {
constexpr std::int64_t kTick = 1 << 18;  // ns; timers fire on whole ticks
constexpr int kHops = 16;
}  // namespace

Model::Model(const ModelPlan& plan)
    : options_(plan.dispatch), dedup_(plan.dedup_window, plan.dedup_events) {
  for (const auto& [options, pool] : plan.queues) {
    queues_.emplace_back(options, static_cast<int>(queues_.size()), pool);
  }
  for (const std::uint32_t slots : plan.pools) {
    rules_.emplace_back(options_, static_cast<int>(rules_.size()), slots, queues_);
  }
}

bool Model::has_room(std::uint16_t queue, std::uint64_t bytes) const {
  const QueueModel& q = queues_[queue];
  return q.room_events + 1 <= q.options.capacity_events &&
         q.room_bytes + bytes <= q.options.capacity_bytes;
}

void Model::publish(const Event& event) {
  Record& record = records_[event.number];
  record.event = event;
  record.open = event.targets.size();
  record.entries.resize(event.targets.size());
  for (std::size_t i = 0; i < event.targets.size(); ++i) {
    record.entries[i].ref = {event.number, i};
    record.entries[i].target = event.targets[i];
    record.entries[i].bytes = event.bytes;
    if (event.unmatched) continue;
    ++queues_[event.targets[i].queue].room_events;
    queues_[event.targets[i].queue].room_bytes += event.bytes;
  }
}

void Model::abandon(std::uint64_t number) { turn_away(records_.at(number), Fate::kRejected); }

void Model::turn_away(Record& record, Fate fate) {
  record.fate = fate;
  record.open = 0;
  for (const Entry& entry : record.entries) {
    --queue_of(entry).room_events;
    queue_of(entry).room_bytes -= entry.bytes;
  }
}

void Model::receive(const std::vector<std::uint64_t>& numbers, std::int64_t now) {
  tally_.received += numbers.size();
  admit(numbers, now);
}

void Model::admit(const std::vector<std::uint64_t>& numbers, std::int64_t now) {
  std::vector<std::uint64_t> accepted;
  for (const std::uint64_t number : numbers) {
    if (admit_one(records_.at(number), now)) accepted.push_back(number);
  }
  tally_.pending += accepted.size();
  require(!stage.empty() && stage.front().kind == StageEntry::kAppend, kLedger,
          "events were admitted, but the commit stage was not asked");
  require(stage.front().events == accepted, kDedup,
          "the commit stage was given other events than those that are new");
  stage.pop_front();
  decide(now);
}

bool Model::admit_one(Record& record, std::int64_t now) {
  if (record.event.unmatched) {
    record.fate = Fate::kUnmatched;
    ++tally_.unmatched;
    ++tally_.dead_letters;
    return false;
  }
  if (record.event.id != 0 && dedup_.enabled()) {
    const std::uint64_t first = dedup_.find_or_insert(record.event.id, next_sequence_, now);
    if (first != 0) {
      record.sequence = first;
      ++tally_.duplicate;
      turn_away(record, Fate::kDuplicate);
      return false;
    }
  }
  record.fate = Fate::kPending;
  record.sequence = next_sequence_++;
  for (Entry& entry : record.entries) entry.sequence = record.sequence;
  return true;
}

void Model::decide(std::int64_t now) {
  while (!stage.empty() && stage.front().kind != StageEntry::kAppend) {
    const StageEntry said = std::move(stage.front());
    stage.pop_front();
    for (const std::uint64_t number : said.events) {
      Record& record = records_.at(number);
      require(record.fate == Fate::kPending, kLedger, "decided upon twice");
      --tally_.pending;
      if (said.kind == StageEntry::kCommitted) {
        ++tally_.admitted;
        file(record, now);
        continue;
      }
      ++tally_.rejected;
      ++sights_.refused;
      if (record.event.id != 0 && dedup_.enabled()) dedup_.forget(record.event.id, record.sequence);
      turn_away(record, Fate::kRejected);
    }
  }
}

void Model::file(Record& record, std::int64_t now) {
  record.fate = Fate::kAccepted;
  for (Entry& entry : record.entries) {
    QueueTally& tally = queue_of(entry).tally;
    ++tally.accepted;
    ++tally.in_flight;
    tally.bytes += entry.bytes;
    if (entry.target.due > now) {
      entry.state = Entry::kDelayed;
      wait_until(entry, entry.target.due);
    } else {
      enqueue(entry, now);
    }
  }
}

void Model::enqueue(Entry& entry, std::int64_t now) {
  QueueModel& queue = queue_of(entry);
  Line& line = queue.line_of(entry);
  entry.filed = true;
  if (!queue.has_room_in_line(line)) {
    ++sights_.overflowed;
    ++tally_.dead_letters;
    end(entry, &QueueTally::dead);
    return;
  }
  queue.join(line, entry, now);
  rule(queue.pool).refresh(queue);
}

void Model::wait_until(Entry& entry, std::int64_t due) {
  ++queue_of(entry).tally.delayed;
  entry.since = due;
  timers_.emplace(std::max((due + kTick - 1) / kTick, wheel_tick_ + 1) * kTick, &entry);
}

void Model::advance(std::int64_t now) {
  decide(now);
  std::vector<Entry*> due;
  while (timer_due(now)) {
    due.push_back(timers_.begin()->second);
    timers_.erase(timers_.begin());
  }
  wheel_tick_ = std::max(wheel_tick_, now / kTick);
  std::stable_sort(due.begin(), due.end(), [](const Entry* a, const Entry* b) {
    return a->since != b->since ? a->since < b->since : a->sequence < b->sequence;
  });
  for (Entry* entry : due) fire(*entry, now);
}

void Model::fire(Entry& entry, std::int64_t now) {
  QueueModel& queue = queue_of(entry);
  --queue.tally.delayed;
  entry.since = -1;
  if (!entry.filed) {
    enqueue(entry, now);
    return;
  }
  Line& line = queue.line_of(entry);
  line.parked = false;
  progress(queue, line, now);
  rule(queue.pool).refresh(queue);
}

void Model::settle(const std::vector<SeenOutcome>& outcomes, std::int64_t now) {
  for (const SeenOutcome& outcome : outcomes) {
    const bool counted = settle_one(outcome, now);
    if (outcome.follow_ups.empty()) continue;
    if (counted) {
      follow_up(entry(outcome.delivery).target.queue, outcome.follow_ups, now);
    } else {
      for (const std::uint64_t number : outcome.follow_ups) abandon(number);
    }
  }
}

bool Model::settle_one(const SeenOutcome& outcome, std::int64_t now) {
  Entry& one = entry(outcome.delivery);
  QueueModel& queue = queue_of(one);
  if (one.state != Entry::kRunning || one.attempt != outcome.attempt) {
    ++queue.tally.late;
    ++sights_.late;
    return false;
  }
  Line& line = queue.line_of(one);
  --queue.tally.running;
  --line.running;
  const bool last = static_cast<std::uint32_t>(one.attempt) >= queue.options.retry.max_attempts;
  if (outcome.ending == Ending::kRetry && !last) {
    retry(one, outcome, now);
  } else if (outcome.ending == Ending::kDone || outcome.ending == Ending::kDrop) {
    end(one, outcome.ending == Ending::kDone ? &QueueTally::done : &QueueTally::dropped);
  } else {
    ++tally_.dead_letters;
    end(one, &QueueTally::dead);
  }
  progress(queue, line, now);
  rule(queue.pool).refresh(queue);
  return true;
}

void Model::retry(Entry& one, const SeenOutcome& outcome, std::int64_t now) {
  QueueModel& queue = queue_of(one);
  ++queue.tally.retried;
  const RetryOptions& options = queue.options.retry;
  std::int64_t bound = options.backoff;
  for (int i = 1; i < one.attempt && bound < options.max_backoff; ++i) bound *= 2;
  bound = std::min(bound, options.max_backoff);
  const bool given = outcome.retry_after >= 0;
  const std::int64_t earliest = given ? now + outcome.retry_after : now;
  const std::int64_t latest = given ? earliest : now + bound;
  const bool heads = outcome.ready_ns != 0;  // 0: it stands behind another that came back
  require(!heads || (outcome.ready_ns >= earliest && outcome.ready_ns <= latest), kTimers,
          "a retry's delay is outside its bounds: " +
              pairs("earliest", earliest, "latest", latest, "is", outcome.ready_ns));
  Line& line = queue.line_of(one);
  one.since = heads ? outcome.ready_ns : -1;
  queue.come_back(line, one);
  if (line.number < kUnordered) return;  // progress() parks the line
  line.parked = true;
  wait_until(one, outcome.ready_ns);
}

void Model::end(Entry& one, std::uint64_t QueueTally::*count) {
  QueueModel& queue = queue_of(one);
  ++(queue.tally.*count);
  --queue.tally.in_flight;
  queue.tally.bytes -= one.bytes;
  --queue.room_events;
  queue.room_bytes -= one.bytes;
  --records_.at(one.ref.event).open;
  one.state = Entry::kOver;
}

void Model::progress(QueueModel& queue, Line& line, std::int64_t now) {
  if (line.running != 0) return;
  if (line.waiting.empty()) {
    queue.forget(line);
  } else if (!line.parked && line.listed_in < 0) {
    Entry& head = *line.waiting.front();
    if (head.since > now) {
      ++sights_.parked;
      line.parked = true;
      wait_until(head, head.since);
    } else {
      queue.list_head(line, now);
    }
  }
}

void Model::give_back(const std::vector<Ref>& deliveries, std::int64_t now) {
  for (auto ref = deliveries.rbegin(); ref != deliveries.rend(); ++ref) {
    Entry& one = entry(*ref);
    QueueModel& queue = queue_of(one);
    Line& line = queue.line_of(one);
    ++sights_.returned;
    --queue.tally.running;
    --line.running;
    --one.attempt;
    queue.come_back(line, one);
    progress(queue, line, now);
    rule(queue.pool).refresh(queue);
  }
}

void Model::follow_up(int from, const std::vector<std::uint64_t>& numbers, std::int64_t now) {
  tally_.received += numbers.size();
  tally_.follow_ups += numbers.size();
  std::vector<std::uint64_t> taken;
  for (const std::uint64_t number : numbers) {
    Record& record = records_.at(number);
    if (record.event.hops > kHops) {
      ++tally_.rejected;
      ++tally_.dead_letters;
      ++sights_.too_many_hops;
      turn_away(record, Fate::kRejected);
      continue;
    }
    auto& emits = queues_[static_cast<std::size_t>(from)].emits;
    for (const Target& target : record.event.targets) {
      if (std::find(emits.begin(), emits.end(), target.queue) == emits.end()) {
        emits.push_back(target.queue);
      }
    }
    taken.push_back(number);
  }
  admit(taken, now);
}

}  // namespace veltrix::simulation
