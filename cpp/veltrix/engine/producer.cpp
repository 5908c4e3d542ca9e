#include "veltrix/engine/producer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "veltrix/base/clock.hpp"
#include "veltrix/engine/executor.hpp"
#include "veltrix/engine/monitor.hpp"

namespace veltrix {

namespace {
constexpr std::int64_t kWaitSlice = 50 * kMillisecond;  // so that signals and stop are seen

/// By pool: the highest priority + 1; 0: nothing for it.
struct Levels {
  std::uint32_t pools = 0;  // bit p: something for pool p
  std::array<std::uint8_t, kMaxPools> of{};
};

/// Before the push: afterwards the slot may be gone.
void raise(Levels& levels, const Monitor& monitor, const Slot& slot) noexcept {
  for (const Delivery* d = &first_delivery(slot); d != nullptr; d = d->sibling) {
    const std::uint8_t pool = monitor.pool_of(d->queue);
    levels.pools |= 1U << pool;
    levels.of[pool] = std::max<std::uint8_t>(levels.of[pool], d->priority + 1U);
  }
}

/// Behind the push: whoever takes the word away from now on finds the events at the door.
void announce(const Levels& levels, Monitor& monitor) noexcept {
  for (std::uint32_t rest = levels.pools; rest != 0; rest &= rest - 1) {
    const auto pool = static_cast<std::uint8_t>(std::countr_zero(rest));
    monitor.raise_urgent(pool, levels.of[pool]);
  }
}

void wake(std::uint32_t pools, Monitor& monitor) noexcept {
  // seq_cst fence: the push before the look at the sleepers (Dekker; see monitor.hpp)
  std::atomic_thread_fence(std::memory_order_seq_cst);
  for (std::uint32_t rest = pools; rest != 0; rest &= rest - 1) {
    const auto pool = static_cast<std::uint8_t>(std::countr_zero(rest));
    if (monitor.any_idle(pool)) monitor.wake(pool);
  }
}
}  // namespace

Producer::Producer(Monitor& monitor, std::uint64_t seed)
    : monitor_(monitor),
      cache_(monitor.slab.open_cache()),
      token_(monitor.door.token()),
      types_(monitor.types),
      ids_(seed),
      scratch_(monitor.plan().routes->open_scratch()),
      leases_(monitor.queue_count()) {}

Producer::~Producer() {
  for (std::size_t queue = 0; queue < leases_.size(); ++queue) {
    leases_[queue].end(monitor_.queue(static_cast<std::uint16_t>(queue)).budget);
  }
  monitor_.slab.retire(cache_);
}

bool Producer::take_room(Delivery& delivery, std::uint64_t bytes) noexcept {
  QueueState& queue = monitor_.queue(delivery.queue);
  if (queue.leased && delivery.priority >= queue.options.reserve_priority) {
    return leases_[delivery.queue].take(queue.budget, bytes);
  }
  return queue.reserve(delivery, bytes);
}

int Producer::reserve(Slot& slot) noexcept {
  if (is_untaken(slot.state.load(std::memory_order_relaxed))) return -1;
  const std::uint64_t bytes = slot.charged_bytes();
  for (Delivery* d = &first_delivery(slot); d != nullptr; d = d->sibling) {
    if (take_room(*d, bytes)) continue;
    for (Delivery* taken = &first_delivery(slot); taken != d; taken = taken->sibling) {
      if (!taken->turned_away) monitor_.queue(taken->queue).budget.give_back(1, bytes);
      taken->turned_away = false;
    }
    return d->queue;
  }
  return -1;
}

void Producer::force(Slot& slot) noexcept {
  if (is_untaken(slot.state.load(std::memory_order_relaxed))) return;
  const std::uint64_t bytes = slot.charged_bytes();
  for (Delivery* d = &first_delivery(slot); d != nullptr; d = d->sibling) {
    d->follow_up = true;
    monitor_.queue(d->queue).budget.force(bytes);
  }
}

void Producer::count_published(std::size_t count) noexcept {
  // Single writer; release: whoever counts the events also finds them in the door.
  counts_.published.store(counts_.published.load(std::memory_order_relaxed) + count,
                          std::memory_order_release);
}

void Producer::push(Slot* slot) noexcept {
  Levels levels{};
  raise(levels, monitor_, *slot);
  monitor_.door.push(token_, slot);
  count_published(1);
  announce(levels, monitor_);
  wake(levels.pools, monitor_);
}

void Producer::push(std::span<Slot* const> slots, bool waking) noexcept {
  Levels levels{};
  for (const Slot* slot : slots) raise(levels, monitor_, *slot);
  if (!slots.empty()) monitor_.door.push(token_, slots.data(), slots.size());
  count_published(slots.size());
  announce(levels, monitor_);
  unwoken_pools_ |= levels.pools;
  if (waking) wake(std::exchange(unwoken_pools_, 0), monitor_);
}

void Producer::abandon(Slot* slot) noexcept { release(slot); }

void Producer::take_back(Slot* slot) noexcept {
  scratch_.key_missing = missing_before_;
  counts_.key_missing.store(missing_before_, std::memory_order_relaxed);
  release(slot);
}

void Producer::discard(Slot* slot) noexcept {
  if (!is_untaken(slot->state.load(std::memory_order_relaxed))) {
    for (Delivery* d = &first_delivery(*slot); d != nullptr; d = d->sibling) {
      monitor_.queue(d->queue).budget.give_back(1, slot->charged_bytes());
    }
  }
  release(slot);
}

void Producer::count_rejected() noexcept {
  counts_.rejected.fetch_add(1, std::memory_order_relaxed);
}

void Producer::count_filtered() noexcept {
  // relaxed: a single writer, and no reader concludes anything else from it
  counts_.filtered.store(counts_.filtered.load(std::memory_order_relaxed) + 1,
                         std::memory_order_relaxed);
}

bool Producer::wait_for_room(std::uint32_t ticket, std::int64_t deadline_ns) noexcept {
  const std::int64_t left = deadline_ns - steady_ns();
  if (left <= 0 || monitor_.closed.load(std::memory_order_acquire)) {
    monitor_.room.cancel();
    return false;
  }
  monitor_.room.wait(ticket, std::min(left, kWaitSlice));
  return true;
}

Result<Slot*> Producer::publish(EventFields& fields, std::uint8_t source_priority) {
  if (monitor_.closed.load(std::memory_order_acquire)) {
    return fail(ErrorCode::kEngineStopped, "the engine has stopped");
  }
  auto prepared = prepare(fields, 0, source_priority);
  if (!prepared) {
    count_rejected();
    return prepared;
  }
  Slot* slot = *prepared;
  if (slot == nullptr) return slot;
  if (auto pushed = push_when_there_is_room(slot); !pushed) {
    return tl::make_unexpected(std::move(pushed.error()));
  }
  return slot;
}

Result<void> Producer::push_when_there_is_room(Slot* slot) {
  int full = reserve(*slot);
  while (full >= 0) {
    const std::uint32_t ticket = monitor_.room.prepare();
    full = reserve(*slot);
    if (full < 0) {
      monitor_.room.cancel();
      break;
    }
    const QueueOptions& queue = monitor_.options(static_cast<std::uint16_t>(full));
    // A source is not a caller who wants an answer in time: it waits as long as the engine runs.
    // Who would wait for itself does not: a handler, and the one thread of a step engine.
    const bool wait = queue.overflow == Overflow::kBlock && !monitor_.is_virtual() &&
                      !Executor::inside_handler_of(monitor_);
    if (!wait) monitor_.room.cancel();
    if (!wait || !wait_for_room(ticket, steady_ns() + kSecond)) {
      const bool stopped = monitor_.closed.load(std::memory_order_acquire);
      abandon(slot);
      if (stopped) return fail(ErrorCode::kEngineStopped, "the engine has stopped");
      count_rejected();
      return fail(ErrorCode::kQueueFull, "queue '" + queue.name + "' is full");
    }
    full = reserve(*slot);
  }
  push(slot);
  return {};
}

}  // namespace veltrix
