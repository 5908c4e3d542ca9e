#include "veltrix/engine/producer.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "veltrix/base/clock.hpp"
#include "veltrix/engine/executor.hpp"
#include "veltrix/engine/monitor.hpp"

namespace veltrix {

namespace {
constexpr std::int64_t kWallRenew = 10 * kMillisecond;
constexpr std::int64_t kVirtualEpoch = 946'684'800 * kSecond;  // 2000-01-01T00:00:00Z
constexpr std::int64_t kWaitSlice = 50 * kMillisecond;         // so that signals and stop are seen
constexpr std::size_t kDeliveriesPerBlock = 3;  // lines of the smallest slot class, less one

/// What tells two events of one id apart.
std::uint64_t payload_hash(const EventFields& fields) noexcept {
  const std::uint64_t type =
      fields.type_id != kNoType ? fields.type_id : hash128(fields.type, kNoType).low;
  // Of an object only its address is known, which says nothing of what it holds.
  if (fields.data_kind == DataKind::kReference) return type & 0xFFFF'FFFFU;
  return hash128(fields.data, type).low & 0xFFFF'FFFFU;
}

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
  // seq_cst fence: the push before the look at the sleepers (Dekker; see monitor.hpp)
  std::atomic_thread_fence(std::memory_order_seq_cst);
  for (std::uint32_t rest = levels.pools; rest != 0; rest &= rest - 1) {
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
      leases_(monitor.queue_count()) {}

Producer::~Producer() {
  for (std::size_t queue = 0; queue < leases_.size(); ++queue) {
    leases_[queue].end(monitor_.queue(static_cast<std::uint16_t>(queue)).budget);
  }
  monitor_.slab.retire(cache_);
}

void Producer::complete(EventFields& fields, std::int64_t now) {
  if (fields.source.empty()) fields.source = monitor_.source;
  const bool needs_id = fields.id.empty() && !fields.given_id;
  if (!needs_id && fields.has_time) return;
  look_at_the_wall(now);
  if (needs_id) fields.uuid = ids_.next(now + wall_offset_);
  if (!fields.has_time) {
    fields.time = Timestamp::from_wall_ns(now + wall_offset_);
    fields.has_time = true;
  }
}

void Producer::look_at_the_wall(std::int64_t now) noexcept {
  if (now - wall_checked_ <= kWallRenew && wall_checked_ != 0) return;
  wall_offset_ = monitor_.is_virtual() ? kVirtualEpoch : wall_ns() - now;
  wall_checked_ = now;
}

Result<Slot*> Producer::prepare(EventFields& fields, std::int64_t due_ns,
                                std::uint8_t source_priority) {
  if (fields.type_id == kNoType) fields.type_id = types_.intern(fields.type);
  const Plan& plan = monitor_.plan();
  if (plan.unmatched == Unmatched::kDrop && !plan.routes->takes(fields.type_id, fields.type)) {
    if (const auto bytes = slot_bytes(fields); !bytes) return tl::make_unexpected(bytes.error());
    counts_.unmatched.fetch_add(1, std::memory_order_relaxed);
    return nullptr;
  }
  const std::int64_t now = monitor_.now();  // the only look at the clock on the way in
  complete(fields, now);
  fields.tail_words = static_cast<std::uint32_t>(2 * plan.dedup.size());
  if (!fields.expiry_time.empty()) {
    const auto expiry = expiry_of(fields.expiry_time, now);
    if (!expiry) return tl::make_unexpected(expiry.error());
    expiry_ns_ = *expiry;
    ++fields.tail_words;
  }
  auto built = build_slot(cache_, fields);
  if (!built) return built;
  Slot& slot = **built;
  missing_before_ = scratch_.key_missing;
  plan.routes->route(EventView(slot), fields.type, source_priority, scratch_);
  if (scratch_.key_missing != missing_before_) {
    counts_.key_missing.store(scratch_.key_missing, std::memory_order_relaxed);
  }
  Delivery& first = *new (slot.first_delivery) Delivery();
  first.slot = &slot;
  if (fields.given_id) {
    first.id_hash = hash128(fields.source, fields.id, monitor_.id_seed);
    slot.sequence = payload_hash(fields);
  }
  if (fields.tail_words != 0) write_tail(plan, slot, fields);
  slot.published_ns = due_ns != 0 ? due_ns : now;
  if (scratch_.targets.empty() && no_target(plan, slot)) {
    if (plan.unmatched == Unmatched::kDead) {
      slot.state.store(SlotState::kUnmatched, std::memory_order_relaxed);
      return &slot;
    }
    abandon(&slot);
    return fail(ErrorCode::kUnmatched, "no route takes type '" + std::string(fields.type) +
                                           "'; add a route, or say `unmatched: dead` or `drop`");
  }
  if (!make_deliveries(slot, due_ns)) {
    abandon(&slot);
    return fail(ErrorCode::kQueueFull, "out of memory for the event's deliveries");
  }
  return &slot;
}

/// True: nothing takes the event. Else the plan's queue for unmatched events does.
bool Producer::no_target(const Plan& plan, Slot& slot) {
  if (!plan.unmatched_target) return true;
  Target target = *plan.unmatched_target;
  if (slot.priority != kNoPriority) target.priority = slot.priority;
  scratch_.targets.push_back(target);
  return false;
}

bool Producer::make_deliveries(Slot& slot, std::int64_t due_ns) {
  const Plan& plan = monitor_.plan();
  Delivery* delivery = &first_delivery(slot);
  for (std::size_t i = 0; i < scratch_.targets.size(); ++i) {
    if (i != 0) {
      delivery = add_delivery(slot, i, *delivery);
      if (delivery == nullptr) return false;
    }
    const Target& target = scratch_.targets[i];
    delivery->queue = target.queue;
    delivery->priority = target.priority;
    delivery->key = plan.total_order[target.queue] ? plan.total_key : target.key;
    delivery->ready_ns = due_ns;
  }
  return true;
}

Delivery* Producer::add_delivery(Slot& slot, std::size_t index, Delivery& previous) {
  const std::size_t line = (index - 1) % kDeliveriesPerBlock;
  Slot* block = slot.next;
  if (line == 0) {
    block = cache_->take(0);
    if (block == nullptr) return nullptr;
    block->next = slot.next;
    slot.next = block;
  }
  auto* delivery = new (block->first_delivery + line * kCacheLine) Delivery();
  delivery->slot = &slot;
  previous.sibling = delivery;
  return delivery;
}

bool Producer::take_room(Delivery& delivery, std::uint64_t bytes) noexcept {
  QueueState& queue = monitor_.queue(delivery.queue);
  if (queue.leased && delivery.priority >= queue.options.reserve_priority) {
    return leases_[delivery.queue].take(queue.budget, bytes);
  }
  return queue.reserve(delivery, bytes);
}

int Producer::reserve(Slot& slot) noexcept {
  if (slot.state.load(std::memory_order_relaxed) == SlotState::kUnmatched) return -1;
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
  if (slot.state.load(std::memory_order_relaxed) == SlotState::kUnmatched) return;
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
}

void Producer::push(std::span<Slot* const> slots) noexcept {
  Levels levels{};
  for (const Slot* slot : slots) raise(levels, monitor_, *slot);
  monitor_.door.push(token_, slots.data(), slots.size());
  count_published(slots.size());
  announce(levels, monitor_);
}

void Producer::abandon(Slot* slot) noexcept { release(slot); }

void Producer::take_back(Slot* slot) noexcept {
  scratch_.key_missing = missing_before_;
  counts_.key_missing.store(missing_before_, std::memory_order_relaxed);
  release(slot);
}

void Producer::discard(Slot* slot) noexcept {
  if (slot->state.load(std::memory_order_relaxed) != SlotState::kUnmatched) {
    for (Delivery* d = &first_delivery(*slot); d != nullptr; d = d->sibling) {
      monitor_.queue(d->queue).budget.give_back(1, slot->charged_bytes());
    }
  }
  release(slot);
}

void Producer::count_rejected() noexcept {
  counts_.rejected.fetch_add(1, std::memory_order_relaxed);
}

std::int64_t Producer::wall_of(std::int64_t steady) noexcept {
  return steady + (monitor_.is_virtual() ? kVirtualEpoch : wall_ns() - steady_ns());
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
  return slot;
}

}  // namespace veltrix
