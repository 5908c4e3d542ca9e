// What happens to the deliveries of a World from outside: attempts are given up or reported twice,
// events are cancelled, dead letters redriven.

#include <algorithm>

#include "simulation/invariant.hpp"
#include "simulation/world.hpp"

namespace veltrix::simulation {

namespace {
constexpr std::size_t kMostRedriven = 8;
}

void World::intervene() {
  if (dice_.chance(0.05)) settle_late();
  if (dice_.chance(scenario_.hands.cancels)) cancel();
  if (dice_.chance(scenario_.hands.redrives)) redrive();
}

/// An executor that was written off comes back and reports what nobody waits for any more, or
/// somebody gives up what is over.
void World::settle_late() {
  if (past_.empty()) return;
  const Planned& late = past_[dice_.below(past_.size())];
  if (receipts_.count(late.ref.event) == 0) return;
  const Entry& entry = std::as_const(model_).entry(late.ref);
  if (entry.state == Entry::kRunning && entry.attempt == late.attempt) return;
  if (dice_.chance(0.2)) {
    Pick pick;
    require(!machine_->fence(pick, *late.delivery, late.attempt, now_), kTimeout,
            "an attempt was given up that was over");
    return;
  }
  SeenOutcome seen;
  Machine::Settled settled{late.delivery, late.attempt, outcome_of(late, seen)};
  machine_->settle({&settled, 1}, now_);
  model_.settle({seen}, now_);
}

/// The handler takes longer than its queue's timeout. It goes on nevertheless.
void World::see_timeout(Worker& worker) {
  const auto running = std::find_if(worker.runs.begin(), worker.runs.end(),
                                    [&](const Planned& one) { return one.ends_ns > now_; });
  SeenOutcome seen;
  seen.delivery = running->ref;
  seen.attempt = running->attempt;
  seen.ending = Ending::kRetry;
  seen.code = "timeout";
  Slot* slot = running->delivery->slot;
  slot->refs.fetch_add(1, std::memory_order_relaxed);
  worker.fenced.push_back(slot);
  trace_.add_all(0xFF, running->ref.event, running->ref.place);
  const bool fenced = machine_->fence(worker.pick, *running->delivery, running->attempt, now_);
  seen.ready_ns = running->delivery->ready_ns;
  require(model_.fence(seen, worker.seen, now_) == fenced, kTimeout,
          "a running attempt was not given up, or another one was");
  if (dice_.chance(0.5)) {
    pass_on_rest(worker);
  } else {
    skip_key_of(worker, *running);
  }
  note_next_timeout(worker);
}

/// What stands behind it in its key does not run in this batch any more, where retries hold.
void World::skip_key_of(Worker& worker, const Planned& fenced) {
  const std::uint64_t key = model_.record(fenced.ref.event).event.targets[fenced.ref.place].key;
  const bool holds = model_.queues()[static_cast<std::size_t>(worker.seen.queue)].retries_hold();
  if (key == 0 || !holds) return;
  const auto skipped = [&](const Planned& one) {
    const Target& target = model_.record(one.ref.event).event.targets[one.ref.place];
    return one.begins_ns >= fenced.ends_ns && target.key == key;
  };
  std::vector<Delivery*> rest;
  for (const Planned& one : worker.runs) {
    if (skipped(one)) rest.push_back(one.delivery);
  }
  std::erase_if(worker.runs, skipped);
  worker.skipped.insert(worker.skipped.begin(), rest.begin(), rest.end());
}

void World::note_next_timeout(Worker& worker) const {
  const std::int64_t timeout =
      model_.queues()[static_cast<std::size_t>(worker.seen.queue)].options.timeout;
  worker.fence_ns = INT64_MAX;
  if (timeout == 0) return;
  for (const Planned& planned : worker.runs) {
    const std::int64_t over = planned.begins_ns + timeout;
    if (over > now_ && over < planned.ends_ns) {
      worker.fence_ns = over;
      return;
    }
  }
}

/// By id, of any source or of that one only.
void World::cancel() {
  if (recent_.empty()) return;
  const Event& event = model_.record(recent_[dice_.below(recent_.size())]).event;
  const char* source = dice_.one_of({"", "/simulation", "/elsewhere"});
  machine_->cancel(id_text(event), source, now_);
  if (std::string(source) == "/elsewhere") return;
  model_.cancel(event.id, now_);
}

/// Some of the dead letters, and now and then one that has been taken out before.
void World::redrive() {
  const auto& letters = machine_->dead_letters().all();
  std::vector<Machine::Redrive> asked;
  std::vector<Model::Redriven> expected;
  for (const DeadLetter& letter : letters) {
    if (letter.queue == kNoQueue || !dice_.chance(0.3)) continue;
    expected.push_back(copy_of(letter));
    asked.push_back({letter.number, slots_.at(expected.back().event.number)});
    if (asked.size() == kMostRedriven) break;
  }
  if (asked.empty()) return;
  if (dice_.chance(0.2)) asked.front().letter = expected.front().letter = 0;
  const std::int64_t spacing = dice_.chance(0.5) ? 0 : dice_.spread(1, 20 * kMillisecond);
  const std::size_t count = machine_->redrive(asked, spacing, now_);
  require_equal(kRedrive, "redriven", count, model_.redrive(expected, spacing, now_));
  for (const Model::Redriven& one : expected) trace_.add_all(0xCC, one.event.number);
}

Model::Redriven World::copy_of(const DeadLetter& letter) {
  const std::uint64_t number = numbers_.at(letter.slot);
  const Event& event = model_.record(number).event;
  std::size_t place = 0;
  while (event.targets[place].queue != letter.queue) ++place;
  Model::Redriven again{number, maker_.draw_again(event, place, now_)};
  Slot* slot = maker_.build(again.event);
  require(letter.key == first_delivery(*slot).key, kRedrive, "a dead letter is of another key");
  learn(again.event, slot);
  return again;
}

}  // namespace veltrix::simulation
