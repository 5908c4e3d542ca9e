#include "simulation/flaky_stage.hpp"

#include <algorithm>

#include "veltrix/queue/delivery.hpp"

namespace veltrix::simulation {

void FlakyStage::append(std::span<Slot* const> slots, std::int64_t now, CommitSink& sink) {
  StageEntry entry;
  for (const Slot* slot : slots) entry.events.push_back(number_of_(*slot));
  log_.push_back(std::move(entry));
  if (traits_.immediate) {
    std::vector<Slot*> all(slots.begin(), slots.end());
    say(StageEntry::kCommitted, all, now, sink);
    return;
  }
  std::int64_t decided = now + dice_.between(0, traits_.slowest);
  if (!waiting_.empty()) decided = std::max(decided, waiting_.back().decided_ns);
  const bool refused = dice_.chance(traits_.refuses);
  for (Slot* slot : slots) {
    waiting_.push_back({slot, decided, refused && !first_delivery(*slot).follow_up});
  }
}

void FlakyStage::poll(std::int64_t now, CommitSink& sink) {
  std::vector<Slot*> run;
  while (!waiting_.empty() && waiting_.front().decided_ns <= now) {
    const bool refused = waiting_.front().refused;
    run.clear();
    while (!waiting_.empty() && waiting_.front().decided_ns <= now &&
           waiting_.front().refused == refused) {
      run.push_back(waiting_.front().slot);
      waiting_.pop_front();
    }
    say(refused ? StageEntry::kRefused : StageEntry::kCommitted, run, now, sink);
  }
}

void FlakyStage::say(StageEntry::Kind kind, std::vector<Slot*>& slots, std::int64_t now,
                     CommitSink& sink) {
  if (slots.empty()) return;
  StageEntry entry{kind, {}};
  for (const Slot* slot : slots) entry.events.push_back(number_of_(*slot));
  log_.push_back(std::move(entry));
  if (kind == StageEntry::kCommitted) {
    sink.committed(slots, now);
  } else {
    sink.refused(slots, now);
  }
}

}  // namespace veltrix::simulation
