// From fields to a routed slot: the first half of Producer.

#include <algorithm>
#include <array>

#include "veltrix/base/clock.hpp"
#include "veltrix/engine/monitor.hpp"
#include "veltrix/engine/producer.hpp"

namespace veltrix {

namespace {
constexpr std::int64_t kWallRenew = 10 * kMillisecond;
constexpr std::int64_t kVirtualEpoch = 946'684'800 * kSecond;  // 2000-01-01T00:00:00Z
constexpr std::size_t kDeliveriesPerBlock = 3;  // lines of the smallest slot class, less one

/// What tells two events of one id apart.
std::uint64_t payload_hash(const EventFields& fields) noexcept {
  const std::uint64_t type =
      fields.type_id != kNoType ? fields.type_id : hash128(fields.type, kNoType).low;
  // Of an object only its address is known, which says nothing of what it holds.
  if (fields.data_kind == DataKind::kReference) return type & 0xFFFF'FFFFU;
  return hash128(fields.data, type).low & 0xFFFF'FFFFU;
}
}  // namespace

std::int64_t Producer::wall_of(std::int64_t steady) noexcept {
  return steady + (monitor_.is_virtual() ? kVirtualEpoch : wall_ns() - steady_ns());
}

/// Once an event: what a condition has looked at is what it keeps.
void Producer::complete(EventFields& fields, std::int64_t now) {
  if (completed_) return;
  completed_ = true;
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

/// Whether the event leaves here, counted, because no route takes it; asked before there is a slot.
Result<bool> Producer::takes_nothing(const Plan& plan, const TypePlan& routing,
                                     EventFields& fields) {
  selection_ = Selection::kTaken;
  if (routing.is_conditional()) {
    if (routing.asked.stamps) complete(fields, monitor_.now());
    if (fields.source.empty()) fields.source = monitor_.source;
    selection_ = plan.routes->select(routing, fields, scratch_);
    if (!scratch_.firsts.empty()) tell_firsts(fields);
  }
  const bool unmatched = routing.takes_nothing() && plan.unmatched == Unmatched::kDrop;
  if (!unmatched && selection_ != Selection::kFiltered) return false;
  if (!fields.is_measured) {
    if (const auto bytes = slot_bytes(fields); !bytes) return tl::make_unexpected(bytes.error());
  }
  auto& count = unmatched ? counts_.unmatched : counts_.filtered;
  // relaxed: a single writer, and no reader concludes anything else from it
  count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  return true;
}

/// The first time that a route meets a trouble people shall read of it, with the event's id.
void Producer::tell_firsts(EventFields& fields) {
  complete(fields, monitor_.now());
  std::array<char, kUuidTextSize> scratch;
  if (fields.id.empty()) write_uuid(fields.uuid, scratch.data());
  const std::string_view id =
      fields.id.empty() ? std::string_view(scratch.data(), scratch.size()) : fields.id;
  for (const std::string& first : scratch_.firsts) {
    monitor_.warn(kNoQueue, "expression",
                  first + "; event " + in_quotes(id) + ". Further ones of this kind are counted");
  }
  scratch_.firsts.clear();
}

/// How much room the tail takes.
Result<void> Producer::plan_tail(const Plan& plan, EventFields& fields, std::int64_t now) {
  fields.tail_words = static_cast<std::uint32_t>(2 * plan.dedup.size());
  if (!fields.expiry_time.empty()) {
    const auto expiry = expiry_of(fields.expiry_time, now);
    if (!expiry) return tl::make_unexpected(expiry.error());
    expiry_ns_ = *expiry;
    ++fields.tail_words;
  }
  if (selection_ == Selection::kFailed) {
    fields.tail_words = Slot::words_of_tail_text(scratch_.filter_error.size());
  }
  return {};
}

Result<Slot*> Producer::prepare(EventFields& fields, std::int64_t due_ns,
                                std::uint8_t source_priority) {
  completed_ = false;
  if (fields.type_id == kNoType) fields.type_id = types_.intern(fields.type);
  const Plan& plan = monitor_.plan();
  const TypePlan& routing = plan.routes->plan_of(fields.type_id, fields.type);
  if (routing.is_conditional() || routing.takes_nothing()) {
    const auto nobody = takes_nothing(plan, routing, fields);
    if (!nobody) return tl::make_unexpected(nobody.error());
    if (*nobody) return nullptr;
  } else {
    selection_ = Selection::kTaken;
  }
  const std::int64_t now = monitor_.now();  // the only look at the clock on the way in, as a rule
  complete(fields, now);
  if (auto planned = plan_tail(plan, fields, now); !planned) {
    return tl::make_unexpected(planned.error());
  }
  auto built = build_slot(cache_, fields);
  if (!built) return built;
  Slot& slot = **built;
  Delivery& first = *new (slot.first_delivery) Delivery();
  first.slot = &slot;
  slot.published_ns = due_ns != 0 ? due_ns : now;
  if (selection_ == Selection::kFailed) {
    slot.set_tail_text(scratch_.filter_error);
    slot.state.store(SlotState::kFiltered, std::memory_order_relaxed);
    return &slot;
  }
  fill_targets(plan, routing, slot, {fields, source_priority});
  if (fields.given_id) {
    first.id_hash = hash128(fields.source, fields.id, monitor_.id_seed);
    slot.sequence = payload_hash(fields);
  }
  if (fields.tail_words != 0) write_tail(plan, slot, fields);
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

/// Targets with priority and key, out of the slot.
void Producer::fill_targets(const Plan& plan, const TypePlan& routing, const Slot& slot,
                            const Origin& origin) {
  missing_before_ = scratch_.key_missing;
  plan.routes->fill(routing, EventView(slot), origin.fields.type, origin.priority, scratch_);
  if (scratch_.key_missing != missing_before_) {
    counts_.key_missing.store(scratch_.key_missing, std::memory_order_relaxed);
  }
  if (!scratch_.firsts.empty()) tell_firsts(origin.fields);
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

}  // namespace veltrix
