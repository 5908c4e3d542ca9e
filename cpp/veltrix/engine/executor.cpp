#include "veltrix/engine/executor.hpp"

#include <algorithm>
#include <utility>

#include "veltrix/base/pause.hpp"
#include "veltrix/base/thread_name.hpp"
#include "veltrix/engine/producer.hpp"

namespace veltrix {

namespace {
thread_local const Monitor* t_inside = nullptr;     // of the engine whose handler runs here
constexpr double kWakeWorth = 50.0 * kMicrosecond;  // backlog that is worth another executor
constexpr int kSpinsPerLook = 16;
constexpr std::uint8_t kUrgent = 7;  // priorities from here on do not wait for company
}  // namespace

bool Executor::inside_handler() noexcept { return t_inside != nullptr; }

bool Executor::inside_handler_of(const Monitor& monitor) noexcept { return t_inside == &monitor; }

void Executor::forget_handler() noexcept { t_inside = nullptr; }

Executor::Executor(Monitor& monitor, const PoolTraits& traits, std::size_t number,
                   const std::vector<Handler*>& handlers, ThreadHooks& hooks)
    : monitor_(monitor),
      traits_(traits),
      number_(number),
      handlers_(handlers),
      hooks_(hooks),
      producer_(monitor.open_producer()),
      name_("vx-" + std::string(traits.name) + "-" + std::to_string(number)),
      batch_(monitor.urgent[traits.pool], &stop_) {
  monitor_.add_executor(number, traits.pool, parker_);
}

void Executor::start() {
  thread_ = std::thread([this] { loop(); });
}

void Executor::request_stop() noexcept {
  stop_.store(true, std::memory_order_release);
  parker_.unpark();
}

void Executor::join() {
  if (thread_.joinable()) thread_.join();
}

void Executor::loop() {
  const ThreadCpu::Measured measured(cpu_);
  block_signals();
  name_this_thread(name_);
  hooks_.thread_started();
  while (true) {
    visit();
    if (holds_pick_) {
      run();
      if (!more_ready_) pace();
      continue;  // stopping or not: what was picked is settled first
    }
    hooks_.about_to_wait();
    if (stop_.load(std::memory_order_acquire)) break;
    idle();
  }
  t_inside = &monitor_;  // users' code ends here too: a lifespan, variables of the thread
  hooks_.thread_stopping();
  t_inside = nullptr;
  ended_.store(true, std::memory_order_release);
  monitor_.quiet.notify();
}

void Executor::run() {
  busy_.store(true, std::memory_order_relaxed);
  t_inside = &monitor_;
  handlers_[batch_.queue().id]->run(batch_, *this);
  t_inside = nullptr;
  batch_.stop_clock();
  finished_ns_ = steady_ns();
  busy_.store(false, std::memory_order_relaxed);
}

void Executor::done(Delivery& delivery) noexcept {
  settled_.push_back(
      {&delivery, batch_.attempt_of(delivery), Outcome::done(), batch_.event_begun_ns()});
}

void Executor::settle(Delivery& delivery, Outcome outcome) noexcept {
  const bool fenced = fenced_.load(std::memory_order_acquire);  // its key is somebody else's now
  if (outcome.kind == OutcomeKind::kRetry && batch_.queue().holds_retries() && !fenced) {
    batch_.halt(delivery);
  }
  settled_.push_back(
      {&delivery, batch_.attempt_of(delivery), std::move(outcome), batch_.event_begun_ns()});
}

void Executor::record_times() {
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

void Executor::settle_last(std::int64_t now) {
  Machine& machine = monitor_.machine();
  Pick& pick = batch_.pick();
  const std::size_t begun = batch_.seal();
  rest_.assign(batch_.skipped().begin(), batch_.skipped().end());
  rest_.insert(rest_.end(), pick.deliveries.begin() + static_cast<std::ptrdiff_t>(begun),
               pick.deliveries.end());
  machine.give_back(rest_, now);
  record_times();  // before settle(): afterwards the deliveries may be gone
  machine.settle(settled_, now);
  const std::uint64_t ran = settled_.size();
  const std::int64_t took = finished_ns_ - batch_.begun_ns();
  if (stalled_) machine.dispatcher().picker(traits_.pool).resume(pick.choice);
  stalled_ = false;
  machine.dispatcher().finish(pick, static_cast<double>(took), ran);
  settled_.clear();
  if (fenced_slot_ != nullptr) machine.released().push_back(std::exchange(fenced_slot_, nullptr));
  fenced_.store(false, std::memory_order_relaxed);
}

void Executor::visit() {
  monitor_.lock();
  const std::int64_t now = steady_ns();
  bool changed = holds_pick_;
  const bool settled = holds_pick_;
  if (holds_pick_) settle_last(now);
  Machine& machine = monitor_.machine();
  Dispatcher& dispatcher = machine.dispatcher();
  Picker& picker = dispatcher.picker(traits_.pool);
  // A stopping executor only hands in what it ran; the door is the engine's business then.
  const bool picks = picker.busy() < picker.slots() && !stop_.load(std::memory_order_acquire);
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
    batch_.begin(now, traits_.sealable || batch_.queue().options.timeout != 0);
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

void Executor::wake_others(std::int64_t now, bool changed) {
  if (!changed) return;
  Dispatcher& dispatcher = monitor_.machine().dispatcher();
  for (std::uint8_t pool = 0; pool < kPools; ++pool) {
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

void Executor::idle() {
  if (spare_) {
    spare_ = false;
    parker_.park();
    return;
  }
  if (spin()) return;
  monitor_.set_idle(number_);
  const bool changed = monitor_.version.load(std::memory_order_seq_cst) != seen_version_;
  if (!changed && monitor_.door.empty() && !stop_.load(std::memory_order_acquire)) {
    parker_.park();
  }
  monitor_.clear_idle(number_);
}

bool Executor::spin() noexcept {
  if (traits_.spin_ns == 0) return false;
  if (monitor_.spinning.exchange(true, std::memory_order_acquire)) return false;
  bool found = false;
  const std::int64_t until = steady_ns() + traits_.spin_ns;
  while (!found && !stop_.load(std::memory_order_relaxed) && steady_ns() < until) {
    for (int i = 0; i < kSpinsPerLook; ++i) pause_core();
    found =
        !monitor_.door.empty() || monitor_.version.load(std::memory_order_relaxed) != seen_version_;
  }
  monitor_.spinning.store(false, std::memory_order_release);
  return found;
}

void Executor::pace() noexcept {
  const Burst burst = std::exchange(burst_, {});
  if (burst.events < 2 || burst.events >= traits_.pace_below) return;
  hooks_.about_to_wait();
  const std::int64_t until = finished_ns_ + traits_.pace_ns;
  while (steady_ns() < until && !stop_.load(std::memory_order_relaxed)) {
    // Where every burst holds urgent work, urgent is not a reason to break off.
    if (!burst.urgent && monitor_.urgent[traits_.pool].load(std::memory_order_relaxed) > kUrgent) {
      return;
    }
    if (traits_.sealable && monitor_.door.size() >= traits_.coalesce_events) return;
    for (int i = 0; i < kSpinsPerLook; ++i) pause_core();
  }
}

/// Notes how long the delivery that was handed out last has been at work. False: none is.
bool Executor::watch(std::int64_t now) {
  if (!holds_pick_) return false;
  if (stalled_) return true;  // nothing more is handed out
  const std::uint32_t cursor = batch_.handed_out();
  // Nothing begun yet: it waits for its turn, as a spare would.
  if (batches_ != watched_batch_ || cursor != watched_cursor_ || cursor == 0) {
    watched_batch_ = batches_;
    watched_cursor_ = cursor;
    watched_since_ = now;
    return false;
  }
  return true;
}

/// What is left of the batch goes back, and the executor holds no slot until it returns.
void Executor::leave_behind(std::int64_t now) {
  const std::size_t begun = batch_.seal();
  const auto& all = batch_.pick().deliveries;
  monitor_.machine().give_back({all.data() + begun, all.size() - begun}, now);
  monitor_.machine().dispatcher().picker(traits_.pool).suspend(batch_.pick().choice);
  stalled_ = true;
}

bool Executor::check_stalled(std::int64_t now, std::int64_t after_ns) {
  if (!watch(now) || stalled_ || !traits_.sealable || now - watched_since_ < after_ns) return false;
  leave_behind(now);
  return true;
}

bool Executor::check_timeout(std::int64_t now) {
  if (!watch(now) || fenced_.load(std::memory_order_relaxed)) return false;
  const std::int64_t timeout = batch_.queue().options.timeout;
  if (timeout == 0 || now - watched_since_ < timeout) return false;
  if (!stalled_) leave_behind(now);
  const std::size_t at = std::min<std::size_t>(watched_cursor_, batch_.size()) - 1;
  Delivery& delivery = *batch_.pick().deliveries[at];
  fenced_slot_ = delivery.slot;
  fenced_slot_->refs.fetch_add(1, std::memory_order_relaxed);  // the handler still reads it
  fenced_.store(true, std::memory_order_release);
  monitor_.machine().fence(batch_.pick(), delivery, batch_.attempt_at(at), now);
  return true;
}

}  // namespace veltrix
