#pragma once
// How often a run came by what it is meant to try. A policy that is never met proves nothing.

#include <array>
#include <cstdint>

namespace veltrix::simulation {

enum Sight : std::uint8_t {
  kPicked,
  kOverdue,
  kMinShare,
  kHighest,
  kEmissionHeld,
  kLifted,
  kLowered,
  kFilterError,
  kDuplicate,
  kConflict,
  kRefused,
  kRenewed,
  kTooManyHops,
  kParked,
  kCameBack,
  kCameFirst,
  kTooOld,
  kReturned,
  kLateOutcome,
  kFenced,
  kFencedPlace,
  kKeyOverflow,
  kReserved,
  kDropNewest,
  kDropOldest,
  kDropLowest,
  kRepeated,
  kExpiredAtOnce,
  kExpiredDelayed,
  kExpiredHeld,
  kExpiredInLine,
  kExpiredAway,
  kExpiredRetry,
  kHeld,
  kReordered,
  kLateDelivered,
  kLateDead,
  kLateDropped,
  kSuperseded,
  kSupersededRetry,
  kSupersededReturn,
  kSpaced,
  kCancelled,
  kRedriven,
  kNoRedriveRoom,
  kBatchWhole,
  kBatchFilled,
  kBatchLeft,
  kLingered,
  kSights,
};

struct SightText {
  Sight sight;
  const char* name;
  const char* what;
};

inline constexpr std::array<SightText, kSights> kSightTexts = {{
    {kPicked, "picked", "batches"},
    {kOverdue, "overdue", "picked past max_wait"},
    {kMinShare, "min_share", "picked for the share of a class"},
    {kHighest, "highest", "picked as the highest class"},
    {kEmissionHeld, "emission_held", "a queue was held by a full one behind it"},
    {kLifted, "lifted", "a more urgent event lifted its key"},
    {kLowered, "lowered", "the most urgent event of a key was dropped"},
    {kFilterError, "filter_error", "no route took it, and a condition failed"},
    {kDuplicate, "duplicate", "an id came again"},
    {kConflict, "conflict", "… with another content"},
    {kRefused, "refused", "could not be committed"},
    {kRenewed, "renewed", "… and its id had been accepted again meanwhile"},
    {kTooManyHops, "too_many_hops", "follow-ups of follow-ups"},
    {kParked, "parked", "a retry held its key"},
    {kCameBack, "came_back", "a retry let others pass and came back"},
    {kCameFirst, "came_first", "… in front of what waited"},
    {kTooOld, "too_old", "max_age ended the retries"},
    {kReturned, "returned", "given back without having run"},
    {kLateOutcome, "late_outcome", "reported for an attempt that was over"},
    {kFenced, "fenced", "an attempt timed out"},
    {kFencedPlace, "fenced_place", "… of a queue at its concurrency"},
    {kKeyOverflow, "key_overflow", "a key had as much as it may have"},
    {kReserved, "reserved", "room there was, for higher priorities only"},
    {kDropNewest, "drop_newest", "no room, dropped"},
    {kDropOldest, "drop_oldest", "dropped for something new"},
    {kDropLowest, "drop_lowest", "… as the least urgent"},
    {kRepeated, "repeated", "seen before by its queue's window"},
    {kExpiredAtOnce, "expired_at_once", "expired before it was filed"},
    {kExpiredDelayed, "expired_delayed", "… before its own time came"},
    {kExpiredHeld, "expired_held", "… while held for the order of time"},
    {kExpiredInLine, "expired_in_line", "… in line"},
    {kExpiredAway, "expired_away", "… while others passed it"},
    {kExpiredRetry, "expired_retry", "… while its last attempt ran"},
    {kHeld, "held", "held for the order of time"},
    {kReordered, "reordered", "went before what had come earlier"},
    {kLateDelivered, "late_delivered", "too late for the order of time, run"},
    {kLateDead, "late_dead", "… made a dead letter"},
    {kLateDropped, "late_dropped", "… dropped"},
    {kSuperseded, "superseded", "a newer event of its key came"},
    {kSupersededRetry, "superseded_retry", "… while its attempt failed"},
    {kSupersededReturn, "superseded_return", "… while it was given back"},
    {kSpaced, "spaced", "waited for its key's next time"},
    {kCancelled, "cancelled", "by hand"},
    {kRedriven, "redriven", "by hand"},
    {kNoRedriveRoom, "no_redrive_room", "… and its queue was full"},
    {kBatchWhole, "batch_whole", "picked for a function that takes them all"},
    {kBatchFilled, "batch_filled", "… had waited until they were enough"},
    {kBatchLeft, "batch_left", "… left others to wait for more"},
    {kLingered, "lingered", "waited for company as long as they may"},
}};
static_assert([] {
  for (std::size_t i = 0; i < kSights; ++i) {
    if (kSightTexts[i].sight != i) return false;
  }
  return true;
}());

struct Sights {
  std::array<std::uint64_t, kSights> times{};
  std::uint64_t& operator[](Sight sight) { return times[sight]; }
  std::uint64_t operator[](Sight sight) const { return times[sight]; }
  void add(const Sights& other) {
    for (std::size_t i = 0; i < kSights; ++i) times[i] += other.times[i];
  }
};

}  // namespace veltrix::simulation
