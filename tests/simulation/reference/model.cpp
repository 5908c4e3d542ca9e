#include "simulation/reference/model.hpp"

#include <algorithm>

#include "simulation/invariant.hpp"

namespace veltrix::simulation {

namespace {
constexpr int kHops = 16;
}

Model::Model(const ModelPlan& plan)
    : options_(plan.dispatch),
      dedup_(plan.dedup_window, plan.dedup_events),
      most_letters_(plan.dead_letters) {
  for (const auto& [options, pool] : plan.queues) {
    queues_.emplace_back(options, static_cast<int>(queues_.size()), pool);
  }
  for (const std::uint32_t slots : plan.pools) {
    rules_.emplace_back(options_, static_cast<int>(rules_.size()), slots, queues_);
  }
}

Model::Room Model::room(const Target& target, std::uint64_t bytes) {
  const QueueModel& queue = queues_[target.queue];
  if (queue.drops_waiting() || queue.has_room(bytes, target.priority)) return Room::kTaken;
  if (queue.has_room(bytes, kPriorities)) ++sights_[kReserved];
  const bool newest = queue.options.overflow == Overflow::kDropNewest;
  return newest ? Room::kTurnedAway : Room::kRefused;
}

void Model::publish(const Event& event) {
  Record& record = records_[event.number];
  record.event = event;
  record.open = event.targets.size();
  record.entries.resize(event.targets.size());
  for (std::size_t i = 0; i < event.targets.size(); ++i) {
    Entry& entry = record.entries[i];
    entry.ref = {event.number, i};
    entry.target = event.targets[i];
    entry.bytes = event.bytes;
    entry.has_time = event.has_time;
    entry.time = event.time;
    entry.published = event.published;
    if (event.unmatched || event.filter_error || entry.target.turned_away) continue;
    ++queue_of(entry).room_events;
    queue_of(entry).room_bytes += event.bytes;
  }
}

void Model::abandon(std::uint64_t number) { turn_away(records_.at(number), Fate::kRejected); }

void Model::turn_away(Record& record, Fate fate) {
  record.fate = fate;
  record.open = 0;
  record.owed = 1;
  for (const Entry& entry : record.entries) {
    if (entry.target.turned_away) continue;
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
    record.owed = 1;
    ++tally_.unmatched;
    add_letter({record.event.number, -1, 0, "unmatched"});
    return false;
  }
  if (record.event.filter_error) {
    record.fate = Fate::kFiltered;
    record.owed = 1;
    ++tally_.filtered;
    ++sights_[kFilterError];
    add_letter({record.event.number, -1, 0, "filter_error"});
    return false;
  }
  if (record.event.given && dedup_.enabled() && seen_before(record, now)) return false;
  record.fate = Fate::kPending;
  record.sequence = next_sequence_++;
  for (Entry& entry : record.entries) entry.sequence = record.sequence;
  return true;
}

/// Also takes the id in when it is new.
bool Model::seen_before(Record& record, std::int64_t now) {
  const Event& event = record.event;
  const DedupModel::Known known = dedup_.find(event.id, now);
  if (known.sequence == 0) {
    dedup_.insert(event.id, {next_sequence_, event.content}, now);
    return false;
  }
  record.sequence = known.sequence;
  if (known.content != event.content && !event.follow_up) {
    ++tally_.rejected;
    ++tally_.conflict;
    ++sights_[kConflict];
    add_letter({event.number, -1, 0, "conflict"});
    turn_away(record, Fate::kConflict);
  } else {
    ++tally_.duplicate;
    ++sights_[kDuplicate];
    turn_away(record, Fate::kDuplicate);
  }
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
      } else {
        refuse(record);
      }
    }
  }
}

void Model::refuse(Record& record) {
  ++tally_.rejected;
  ++sights_[kRefused];
  if (record.event.given && dedup_.enabled()) {
    const bool forgotten = dedup_.forget(record.event.id, record.sequence);
    if (!forgotten) ++sights_[kRenewed];
  }
  turn_away(record, Fate::kRejected);
}

void Model::follow_up(int from, const std::vector<std::uint64_t>& numbers, std::int64_t now) {
  tally_.received += numbers.size();
  tally_.follow_ups += numbers.size();
  std::vector<std::uint64_t> taken;
  for (const std::uint64_t number : numbers) {
    Record& record = records_.at(number);
    if (record.event.hops > kHops) {
      ++tally_.rejected;
      ++sights_[kTooManyHops];
      add_letter({number, -1, 0, "too_many_hops"});
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

void Model::release(std::uint64_t number) {
  Record& record = records_.at(number);
  require(record.owed > 0, kLedger, [&] {
    return "released before its last delivery was terminal, or twice: " + pairs("event", number);
  });
  --record.owed;
}

Sights Model::sights() const {
  Sights seen = sights_;
  for (const QueueModel& queue : queues_) {
    seen[kLifted] += queue.lifted;
    seen[kLowered] += queue.lowered;
  }
  for (const RuleModel& one : rules_) {
    seen[kEmissionHeld] += one.times_held();
    seen[kBatchFilled] += one.times_filled();
  }
  return seen;
}

std::size_t Model::keyed_lines() const {
  std::size_t sum = 0;
  for (const QueueModel& queue : queues_) sum += queue.keyed_lines();
  return sum;
}

bool Model::quiet() const {
  return tally_.pending == 0 &&
         std::all_of(queues_.begin(), queues_.end(),
                     [](const QueueModel& queue) { return queue.tally.in_flight == 0; });
}

}  // namespace veltrix::simulation
