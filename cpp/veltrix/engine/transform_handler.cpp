#include "veltrix/engine/transform_handler.hpp"

#include <algorithm>
#include <array>

#include "veltrix/engine/follow_up.hpp"
#include "veltrix/engine/monitor.hpp"
#include "veltrix/engine/producer.hpp"

namespace veltrix {

std::unique_ptr<TransformScratch> TransformHandler::borrow() {
  const std::lock_guard guard(lock_);
  if (idle_.empty()) return std::make_unique<TransformScratch>();
  auto scratch = std::move(idle_.back());
  idle_.pop_back();
  return scratch;
}

void TransformHandler::run(Batch& batch, Settler& settler) noexcept {
  auto scratch = borrow();
  while (Delivery* delivery = batch.next()) {
    batch.prefetch_ahead();
    settler.settle(*delivery, publish(*delivery, settler.producer(), *scratch));
  }
  const std::lock_guard guard(lock_);
  idle_.push_back(std::move(scratch));
}

Outcome TransformHandler::publish(const Delivery& delivery, Producer& producer,
                                  TransformScratch& scratch) const {
  const EventView from(*delivery.slot);
  EventFields fields;
  const std::uint32_t number = delivery.slot->type;
  const std::string_view type =
      number == kNoType ? std::string_view() : producer.monitor().types.text(number);
  if (auto changed = transform_->apply(from, type, scratch, fields); !changed) {
    return Transform::failed(std::move(changed.error()));
  }
  const std::string id = follow_up_id(from, producer.monitor().options(delivery.queue).name, 0);
  fields.id = id;
  fields.given_id = true;
  std::array<char, kUuidTextSize> parent;
  std::array<char, kUuidTextSize> correlation;
  fields.causation_id = from.id(parent);
  inherit_trace(fields, from, correlation);
  fields.hops = static_cast<std::uint8_t>(std::min(from.hops() + 1, 255));
  const auto slot = producer.prepare(fields);
  // Too large, or refused by `unmatched: reject`: the next attempt would come to the same.
  if (!slot) return Transform::failed("publish: " + slot.error().message);
  Outcome outcome = Outcome::done();
  if (*slot == nullptr) return outcome;  // no route takes it, which is counted
  producer.force(**slot);
  outcome.follow_ups = std::make_unique<std::vector<Slot*>>(1, *slot);
  return outcome;
}

}  // namespace veltrix
