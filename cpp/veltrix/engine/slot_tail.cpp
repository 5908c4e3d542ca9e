// What a producer leaves behind the payload for the dispatcher: Slot::tail().

#include <algorithm>

#include "veltrix/engine/monitor.hpp"
#include "veltrix/engine/producer.hpp"

namespace veltrix {

namespace {
constexpr std::int64_t kFarSeconds = 7'000'000'000;  // 221 years: nanoseconds still fit, less today
}  // namespace

/// Steady time at which an event with that `expirytime` expires.
Result<std::int64_t> Producer::expiry_of(std::string_view text, std::int64_t now) {
  const auto parsed = parse_timestamp(text);
  if (!parsed) return fail(parsed.error().code, "expirytime: " + parsed.error().message);
  look_at_the_wall(now);
  const std::int64_t seconds = std::clamp(parsed->seconds, -kFarSeconds, kFarSeconds);
  return seconds * kSecond + parsed->nanoseconds - wall_offset_;
}

/// After routing: only what a target asks for is read out of the event.
void Producer::write_tail(const Plan& plan, Slot& slot, const EventFields& fields) {
  std::uint64_t* word = slot.tail();
  if (!fields.expiry_time.empty()) {
    slot.flags |= kExpires;
    *word++ = static_cast<std::uint64_t>(expiry_ns_);
  }
  for (const std::uint16_t queue : plan.dedup) {
    const bool wanted =
        std::any_of(scratch_.targets.begin(), scratch_.targets.end(),
                    [&](const Target& target) { return target.queue == queue; });
    const Hash128 hash =
        wanted ? plan.routes->repetition(queue, EventView(slot), fields.type, scratch_) : Hash128{};
    *word++ = hash.low;
    *word++ = hash.high;
  }
}

}  // namespace veltrix
