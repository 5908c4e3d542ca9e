// Ends of attempts.

#include <algorithm>

#include "simulation/invariant.hpp"
#include "simulation/reference/model.hpp"

namespace veltrix::simulation {

void Model::settle(const std::vector<SeenOutcome>& outcomes, std::int64_t now) {
  for (const SeenOutcome& outcome : outcomes) {
    const bool counted = settle_one(outcome, now);
    if (!counted) {
      ++queue_of(entry(outcome.delivery)).tally.late;
      ++sights_[kLateOutcome];
    }
    if (outcome.follow_ups.empty()) continue;
    if (counted) {
      follow_up(entry(outcome.delivery).target.queue, outcome.follow_ups, now);
    } else {
      for (const std::uint64_t number : outcome.follow_ups) abandon(number);
    }
  }
}

/// False: the attempt was over before.
bool Model::settle_one(const SeenOutcome& outcome, std::int64_t now) {
  Entry& one = entry(outcome.delivery);
  QueueModel& queue = queue_of(one);
  if (one.state != Entry::kRunning || one.attempt != outcome.attempt) return false;
  Line& line = queue.line_of(one);
  --queue.tally.running;
  --line.running;
  switch (outcome.ending) {
    case Ending::kDone:
      end(one, &QueueTally::done);
      break;
    case Ending::kRetry:
      fail(one, outcome, now);
      break;
    case Ending::kDead:
      end_dead(one, outcome.code);
      break;
    case Ending::kDrop:
      end_dropped(one, outcome.code);
      break;
  }
  progress(queue, line, now);
  refresh(queue);
  return true;
}

/// It wants another attempt: it gets one, unless a limit or a policy says no.
void Model::fail(Entry& one, const SeenOutcome& outcome, std::int64_t now) {
  QueueModel& queue = queue_of(one);
  const RetryOptions& options = queue.options.retry;
  const bool last = static_cast<std::uint32_t>(one.attempt) >= options.max_attempts;
  const bool too_old = options.max_age > 0 && now - one.published >= options.max_age;
  const bool superseded =
      queue.keeps_latest() && one.keyed() && !queue.line_of(one).waiting.empty();
  if (last || too_old) {
    if (!last) ++sights_[kTooOld];
    end_dead(one, outcome.code);
  } else if (one.expiry <= now) {
    ++sights_[kExpiredRetry];
    end_by_policy(one, "expired");
  } else if (superseded) {
    ++sights_[kSupersededRetry];
    end_by_policy(one, "superseded");
  } else {
    retry(one, outcome, now);
  }
}

void Model::retry(Entry& one, const SeenOutcome& outcome, std::int64_t now) {
  QueueModel& queue = queue_of(one);
  ++queue.tally.retried;
  const std::int64_t ready = check_delay(one, outcome, now);
  if (one.keyed() && !queue.retries_hold()) {
    one.state = Entry::kAway;
    wait_until(one, ready);
    return;
  }
  Line& line = queue.line_of(one);
  one.since = ready;
  queue.come_back(line, one);
  if (line.keyed()) return;  // progress() parks the line
  line.parked = true;
  wait_until(one, ready);
}

/// When it may run again; -1: it stands behind another that came back.
std::int64_t Model::check_delay(const Entry& one, const SeenOutcome& outcome,
                                std::int64_t now) const {
  const QueueModel& queue = queues_[one.target.queue];
  const RetryOptions& options = queue.options.retry;
  std::int64_t bound = options.backoff;
  for (int i = 1; i < one.attempt && bound < options.max_backoff; ++i) bound *= 2;
  bound = std::min(bound, options.max_backoff);
  const bool given = outcome.retry_after >= 0;
  const std::int64_t earliest = given ? now + outcome.retry_after : now;
  const std::int64_t latest = given ? earliest : now + bound;
  if (outcome.ready_ns == 0) return -1;
  // Its own delay is over, and its key's is not.
  if (one.keyed() && earliest <= now && outcome.ready_ns == queue.next_begin(one.target.key)) {
    return now;
  }
  require(outcome.ready_ns >= earliest && outcome.ready_ns <= latest, kTimers, [&] {
    return "a retry's delay is outside its bounds: " +
           pairs("earliest", earliest, "latest", latest, "is", outcome.ready_ns);
  });
  return outcome.ready_ns;
}

bool Model::fence(const SeenOutcome& outcome, SeenPick& pick, std::int64_t now) {
  if (!settle_one(outcome, now)) return false;
  ++sights_[kFenced];
  if (pick.fenced) return true;
  QueueModel& queue = queues_[static_cast<std::size_t>(pick.queue)];
  if (queue.executors == queue.options.concurrency) ++sights_[kFencedPlace];
  pick.fenced = true;
  --queue.executors;
  refresh(queue);
  return true;
}

void Model::give_back(const std::vector<Ref>& deliveries, std::int64_t now) {
  for (auto ref = deliveries.rbegin(); ref != deliveries.rend(); ++ref) {
    return_one(entry(*ref), now);
  }
}

void Model::return_one(Entry& one, std::int64_t now) {
  QueueModel& queue = queue_of(one);
  Line& line = queue.line_of(one);
  require(one.state == Entry::kRunning, kModel, "the world gave back what does not run");
  ++sights_[kReturned];
  --queue.tally.running;
  --line.running;
  --one.attempt;
  if (queue.keeps_latest() && one.keyed() && !line.waiting.empty()) {
    ++sights_[kSupersededReturn];
    end_by_policy(one, "superseded");
  } else {
    queue.come_back(line, one);
  }
  progress(queue, line, now);
  refresh(queue);
}

}  // namespace veltrix::simulation
