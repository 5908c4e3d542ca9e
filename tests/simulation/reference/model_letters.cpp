// Ends of deliveries, and what a person does about them: cancel, redrive.

#include <algorithm>

#include "simulation/invariant.hpp"
#include "simulation/reference/model.hpp"

namespace veltrix::simulation {

/// What waits, given up.
void Model::drop(Entry& entry, const char* reason, std::int64_t now) {
  withdraw(entry, now);
  end_by_policy(entry, reason);
}

void Model::end_by_policy(Entry& entry, const char* reason) {
  QueueModel& queue = queue_of(entry);
  if (queue.options.bury_drops && std::string(reason) != "cancelled") {
    add_letter({entry.ref.event, queue.number, entry.attempt, reason});
  }
  dropped.push_back({entry.ref, reason});
  end_dropped(entry, reason);
}

void Model::end_dropped(Entry& entry, const std::string& reason) {
  ++queue_of(entry).tally.dropped_by_reason[reason];
  end(entry, &QueueTally::dropped);
}

void Model::end_dead(Entry& entry, const std::string& code) {
  QueueModel& queue = queue_of(entry);
  ++queue.tally.dead_by_reason[code];
  add_letter({entry.ref.event, queue.number, entry.attempt, code});
  end(entry, &QueueTally::dead);
}

void Model::end(Entry& one, std::uint64_t QueueTally::*count) {
  QueueModel& queue = queue_of(one);
  ++(queue.tally.*count);
  one.state = Entry::kOver;
  Record& record = records_.at(one.ref.event);
  if (--record.open == 0) ++record.owed;
  if (one.target.turned_away) return;
  --queue.tally.in_flight;
  queue.tally.bytes -= one.bytes;
  queue.open.erase(one.sequence);
  queue.expiring.erase({one.expiry, one.sequence});
  --queue.room_events;
  queue.room_bytes -= one.bytes;
}

void Model::add_letter(Letter letter) {
  letters_.push_back(std::move(letter));
  if (letters_.size() <= most_letters_) return;
  letters_.pop_front();
  ++tally_.letters_evicted;
}

/// Whatever waits of the events with that id.
void Model::cancel(std::uint64_t id, std::int64_t now) {
  for (QueueModel& queue : queues_) {
    std::vector<Entry*> waiting;
    for (const auto& [sequence, entry] : queue.open) {
      const bool meant = records_.at(entry->ref.event).event.id == id;
      if (meant && entry->waits()) waiting.push_back(entry);
    }
    for (Entry* entry : waiting) {
      ++sights_[kCancelled];
      drop(*entry, "cancelled", now);
    }
  }
}

/// Letters whose event is in a slot of its own now, in this order. How many were taken.
std::size_t Model::redrive(const std::vector<Redriven>& all, std::int64_t spacing,
                           std::int64_t now) {
  std::size_t count = 0;
  for (const Redriven& one : all) {
    const Target& target = one.event.targets.front();
    const auto letter = std::find_if(letters_.begin(), letters_.end(), [&](const Letter& other) {
      return other.event == one.letter && other.queue == target.queue;
    });
    const bool room = queues_[target.queue].has_room(one.event.bytes, kPriorities);
    if (!room) ++sights_[kNoRedriveRoom];
    if (!room || letter == letters_.end()) {
      records_[one.event.number].owed = 1;
      continue;
    }
    letters_.erase(letter);
    publish(one.event);
    Record& record = records_.at(one.event.number);
    record.sequence = records_.at(one.letter).sequence;
    record.fate = Fate::kAccepted;
    Entry& entry = record.entries.front();
    entry.sequence = record.sequence;
    entry.returns = true;
    entry.target.due = now + static_cast<std::int64_t>(count++) * spacing;
    ++sights_[kRedriven];
    file_one(entry, now);
  }
  return count;
}

}  // namespace veltrix::simulation
