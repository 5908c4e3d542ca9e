// Events that a handler emits.

#include "veltrix/engine/follow_up.hpp"

#include "bindings/current_attempt.hpp"
#include "bindings/publisher.hpp"
#include "bindings/python_handler.hpp"

namespace veltrix {

Result<Slot*> make_follow_up(EventObject* event, const Slot& parent, std::uint16_t queue,
                             std::size_t position, Producer& producer) {
  const EventView from(parent);
  EventFields fields;
  EventView(*event->slot).fields(type_text(event), fields);
  fields.type_id = kNoType;
  std::string id;
  if ((event->slot->flags & kGivenId) == 0) {
    id = follow_up_id(from, producer.monitor().options(queue).name, position);
    fields.id = id;
    fields.given_id = true;
  }
  std::array<char, kUuidTextSize> scratch;
  if (fields.causation_id.empty()) fields.causation_id = from.id(scratch);
  inherit_trace(fields, from, scratch);
  fields.hops = static_cast<std::uint8_t>(std::min(from.hops() + 1, 255));
  const std::int64_t due = due_of(producer, event->after_ns, event->at_ns);
  auto slot = producer.prepare(fields, due);
  if (!slot || *slot == nullptr) return slot;
  producer.force(**slot);
  return slot;
}

}  // namespace veltrix
