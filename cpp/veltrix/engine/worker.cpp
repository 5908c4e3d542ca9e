#include "veltrix/engine/worker.hpp"

#include <algorithm>
#include <utility>

#include "veltrix/engine/producer.hpp"

namespace veltrix {

namespace {
constexpr double kWakeWorth = 50.0 * kMicrosecond;  // backlog that is worth another executor
constexpr std::uint8_t kUrgent = 7;  // priorities from here on do not wait for company
}  // namespace

void Worker::done(Delivery& delivery) noexcept {
  settled_.push_back(
      {&delivery, batch_.attempt_of(delivery), Outcome::done(), batch_.event_begun_ns()});
}

void Worker::settle(Delivery& delivery, Outcome outcome) noexcept {
  const bool fenced = fenced_.load(std::memory_order_acquire);  // its key is somebody else's now
  if (outcome.kind == OutcomeKind::kRetry && batch_.queue().holds_retries() && !fenced) {
    batch_.halt(delivery);
  }
  settled_.push_back(
      {&delivery, batch_.attempt_of(delivery), std::move(outcome), batch_.event_begun_ns()});
}

void Worker::record_times() {
  QueueState& queue = *batch_.pick().choice.queue;
  const std::vector<std::int64_t>& times = batch_.times();
  if (batch_.timed() && times.size() == settled_.size()) {
    for (std::size_t i = 0; i < times.size(); ++i) {
      queue.record_handler_time(settled_[i].delivery->priority, times[i]);
    }
    return;
  }
  if (settled_.empty()) return;
  const std::int64_t mean =
      (finished_ns_ - batch_.begun_ns()) / static_cast<std::int64_t>(settled_.size());
  std::array<std::uint64_t, kPriorities> ran{};
  for (const Machine::Settled& one : settled_) ++ran[one.delivery->priority];
  for (std::uint8_t priority = 0; priority < kPriorities; ++priority) {
    if (ran[priority] != 0) queue.record_handler_time(priority, mean, ran[priority]);
  }
}

void Worker::finished() noexcept {
  batch_.stop_clock();
  finished_ns_ = steady_ns();
}

void Worker::settle_last(std::int64_t now) {
  Machine& machine = monitor_.machine();
  Pick& pick = batch_.pick();
  rest_.clear();
  batch_.end(rest_);
  machine.give_back(rest_, now);
  record_times();  // before settle(): afterwards the deliveries may be gone
  machine.settle(settled_, now);
  const std::uint64_t ran = settled_.size();
  const std::int64_t took = finished_ns_ - batch_.begun_ns() - std::exchange(aside_ns_, 0);
  if (stalled_) machine.dispatcher().picker(traits_.pool).resume(pick.choice);
  stalled_ = false;
  const Batch::SharedLock lock = batch_.take_lock();
  QueueCounts& counts = pick.choice.queue->counts;
  counts.lock_wait_ns += lock.wait_ns;
  counts.lock_hold_ns += traits_.loop ? took : lock.hold_ns;
  machine.dispatcher().finish(pick, static_cast<double>(took), ran);
  settled_.clear();
  machine.released().insert(machine.released().end(), fenced_slots_.begin(), fenced_slots_.end());
  fenced_slots_.clear();
  fenced_.store(false, std::memory_order_relaxed);
}

void Worker::visit(bool may_pick) {
  monitor_.lock();
  const std::int64_t now = steady_ns();
  bool changed = holds_pick_;
  const bool settled = holds_pick_;
  if (holds_pick_) settle_last(now);
  Machine& machine = monitor_.machine();
  Dispatcher& dispatcher = machine.dispatcher();
  Picker& picker = dispatcher.picker(traits_.pool);
  // A stopping executor only hands in what it ran; the door is the engine's business then.
  const bool picks =
      may_pick && picker.busy() < picker.slots() && !stop_.load(std::memory_order_acquire);
  // Taken before the door is drained.
  const std::uint32_t announced = picks ? monitor_.take_urgent(traits_.pool) : 0;
  changed |= monitor_.drain_door(now, traits_.pool, announced);
  changed |= monitor_.advance(now);
  Pick& pick = batch_.pick();
  pick.deliveries.clear();
  if (picks) {
    dispatcher.pick(traits_.pool, traits_.max_batch, now, pick);
  }
  holds_pick_ = !pick.empty();
  monitor_.clear_spare(number_);
  if (holds_pick_) {
    ++batches_;
    burst_.events += pick.deliveries.size();
    burst_.urgent |= pick.choice.priority >= kUrgent;
    batch_.begin(now, traits_.sealable || batch_.queue().options.timeout != 0, traits_.loop);
    more_ready_ = pick.choice.queue->ready != 0 || picker.any_active();
  } else if (picker.busy() >= picker.slots()) {
    spare_ = true;
    monitor_.set_spare(number_);
  }
  // seq_cst: before the look at the sleepers in wake_others() (Dekker; see monitor.hpp)
  if (changed) monitor_.version.fetch_add(1, std::memory_order_seq_cst);
  seen_version_ = monitor_.version.load(std::memory_order_relaxed);
  released_.swap(machine.released());
  const bool quiet = changed && machine.quiet() && monitor_.sources_ended();
  wake_others(now, changed);
  monitor_.unlock();

  if (settled) monitor_.room.notify();
  if (quiet) monitor_.quiet.notify();
  if (changed) monitor_.receipts.notify();
  SlotReturner returner;
  for (Slot* slot : released_) returner.drop(slot);
  released_.clear();
}

void Worker::wake_others(std::int64_t now, bool changed) {
  if (!changed) return;
  Dispatcher& dispatcher = monitor_.machine().dispatcher();
  for (std::uint8_t pool = 0; pool < monitor_.pools(); ++pool) {
    if (!monitor_.any_idle(pool)) continue;
    const QueueState* next = dispatcher.next_queue(pool, now);
    if (next == nullptr) continue;
    // The other pool's work waits for its own executors; mine for another one only if that pays.
    const bool nobody = pool != traits_.pool && dispatcher.picker(pool).busy() == 0;
    if (nobody || next->cost_ns * static_cast<double>(next->ready) >= kWakeWorth) {
      monitor_.wake(pool);
    }
  }
}

/// Notes how long the delivery that was handed out last has been at work. False: none is.
bool Worker::watch(std::int64_t now) {
  if (!holds_pick_) return false;
  if (stalled_ && !batch_.in_calls()) return true;  // nothing more is handed out
  const std::uint64_t cursor = batch_.progress();
  // Nothing begun yet: it waits for its turn, as a spare would.
  if (batches_ != watched_batch_ || cursor != watched_cursor_ || cursor == 0) {
    watched_batch_ = batches_;
    watched_cursor_ = cursor;
    watched_since_ = now;
    return false;
  }
  return true;
}

/// What is left of the batch goes back, and the worker holds no slot until it returns. Rows of a
/// batch queue stay: they belong to a call that may have to be repeated in parts.
void Worker::leave_behind(std::int64_t now) {
  if (!batch_.in_calls()) {
    const std::size_t begun = batch_.seal();
    const auto& all = batch_.pick().deliveries;
    monitor_.machine().give_back({all.data() + begun, all.size() - begun}, now);
  }
  monitor_.machine().dispatcher().picker(traits_.pool).suspend(batch_.pick().choice);
  stalled_ = true;
}

/// The deliveries that are at work now; what stands behind them goes back.
std::vector<std::size_t> Worker::at_work(std::int64_t now) {
  if (!batch_.in_calls()) return {std::min<std::size_t>(watched_cursor_, batch_.size()) - 1};
  const std::size_t end = batch_.seal();
  std::vector<std::size_t> behind;
  batch_.collect(end, batch_.size(), behind);
  std::vector<Delivery*> rest;
  for (const std::size_t index : behind) rest.push_back(&batch_.row(index));
  monitor_.machine().give_back(rest, now);
  std::vector<std::size_t> working;
  batch_.collect(0, end, working);
  return working;
}

void Worker::step_aside() {
  monitor_.lock();
  aside_since_ = steady_ns();
  if (!stalled_) {
    watched_batch_ = batches_;
    watched_cursor_ = batch_.progress();
    watched_since_ = batch_.event_begun_ns();
    leave_behind(aside_since_);
    monitor_.version.fetch_add(1, std::memory_order_seq_cst);
  }
  monitor_.unlock();
}

void Worker::returned() noexcept { aside_ns_ += steady_ns() - aside_since_; }

bool Worker::check_stalled(std::int64_t now, std::int64_t after_ns) {
  if (!watch(now) || stalled_ || !traits_.sealable || now - watched_since_ < after_ns) return false;
  leave_behind(now);
  return true;
}

bool Worker::check_timeout(std::int64_t now) {
  if (!watch(now) || fenced_.load(std::memory_order_relaxed)) return false;
  const std::int64_t timeout = batch_.queue().options.timeout;
  if (timeout == 0 || now - watched_since_ < timeout) return false;
  if (!stalled_) leave_behind(now);
  fenced_.store(true, std::memory_order_release);
  for (const std::size_t index : at_work(now)) {
    Delivery& delivery = batch_.row(index);
    delivery.slot->refs.fetch_add(1, std::memory_order_relaxed);  // the handler still reads it
    fenced_slots_.push_back(delivery.slot);
    monitor_.machine().fence(batch_.pick(), delivery, batch_.attempt_at(index), now);
  }
  return true;
}

}  // namespace veltrix
