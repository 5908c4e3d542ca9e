#pragma once
// How often a run came by what it is meant to try. A policy that is never met proves nothing.

#include <array>
#include <cstdint>

namespace veltrix::simulation {

enum Sight : std::uint8_t {
  // picks
  kPicked,
  kOverdue,
  kMinShare,
  kHighest,
  kLifted,   // a more urgent event lifted its key
  kLowered,  // the most urgent event of a key was dropped
  kEmissionHeld,
  // admission
  kDuplicate,
  kRefused,      // by the commit stage
  kRenewed,      // … while its id had been accepted again meanwhile
  kRepeated,     // seen before by its queue's window
  kConflict,     // the same id, another content
  kTooManyHops,
  // attempts
  kParked,       // a retry that holds its key
  kCameBack,     // a retry that let others pass, back in line
  kCameFirst,    // … in front of what was ready
  kTooOld,       // max_age
  kReturned,     // given back
  kLateOutcome,
  kFenced,       // timeout
  kFencedPlace,  // … and the queue's place was needed
  // room
  kKeyOverflow,
  kReserved,  // room there was, but not for this priority
  kDropNewest,
  kDropOldest,
  kDropLowest,
  // time
  kExpiredAtOnce,
  kExpiredDelayed,
  kExpiredHeld,
  kExpiredInLine,
  kExpiredAway,
  kExpiredRetry,
  kHeld,
  kReordered,  // went before what had come earlier
  kLateDelivered,
  kLateDead,
  kLateDropped,
  // of a key the newest
  kSuperseded,
  kSupersededRetry,
  kSupersededReturn,
  kSpaced,  // waited for its key's next time
  // by hand
  kCancelled,
  kRedriven,
  kNoRedriveRoom,
  kSights,
};
inline constexpr std::array kSightNames = {
    "picked",           "overdue",           "min_share",      "highest",        "lifted",
    "lowered",          "emission_held",     "duplicate",      "refused",        "renewed",
    "repeated",         "conflict",          "too_many_hops",  "parked",         "came_back",
    "came_first",       "too_old",           "returned",       "late_outcome",   "fenced",
    "fenced_place",     "key_overflow",      "reserved",       "drop_newest",    "drop_oldest",
    "drop_lowest",      "expired_at_once",   "expired_delayed", "expired_held",  "expired_in_line",
    "expired_away",     "expired_retry",     "held",           "reordered",      "late_delivered",
    "late_dead",        "late_dropped",      "superseded",     "superseded_retry",
    "superseded_return", "spaced",           "cancelled",      "redriven",       "no_redrive_room"};
static_assert(kSightNames.size() == kSights);

struct Sights {
  std::array<std::uint64_t, kSights> times{};
  std::uint64_t& operator[](Sight sight) { return times[sight]; }
  void add(const Sights& other) {
    for (std::size_t i = 0; i < times.size(); ++i) times[i] += other.times[i];
  }
};

}  // namespace veltrix::simulation
