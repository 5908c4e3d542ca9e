#pragma once
// The names under which a run fails, how often each was looked at, and the exception that carries
// one out of a run.

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace veltrix::simulation {

enum Invariant : std::uint8_t {
  kLedger,       // counts, budgets, slots, dead letters
  kKeyOrder,     // one line per key; a retry holds it, or lets it pass
  kPickRule,     // dispatch/picker.hpp
  kLowestShare,  // min_share and the bound on waiting
  kNoIdle,       // no executor idles beside ready work
  kDedup,        // ids of the engine and of a queue, inside their windows
  kTimers,       // never early, late by a tick at most
  kOverflow,     // what finds no room, and what makes room
  kExpiry,       // dropped when it is due, exactly
  kSorted,       // keys in order of event time, and what came too late for it
  kLatest,       // of a key the newest only, so often at most
  kTimeout,      // attempts that are given up, and what they report later
  kRedrive,      // cancelled while it waits, begun anew when it was dead
  kRouting,      // which queues an event goes to, and what its routes count
  kModel,        // the model itself is wrong
};
inline constexpr std::array kInvariantNames = {
    "ledger",   "key_order", "pick_rule", "lowest_share", "no_idle", "dedup",   "timers",
    "overflow", "expiry",    "sorted",    "latest",       "timeout", "redrive", "routing",
    "model"};

inline std::array<std::uint64_t, kInvariantNames.size()> times_checked{};

inline const char* name_of(Invariant invariant) { return kInvariantNames[invariant]; }

class Broken : public std::runtime_error {
 public:
  Broken(Invariant broken, const std::string& what)
      : std::runtime_error(what), invariant(name_of(broken)) {}
  const char* invariant;
};

/// "a=1 b=2": what a message says about numbers.
template <class Number, class... Rest>
std::string pairs(const char* name, Number value, Rest... rest) {
  std::string text = std::string(name) + "=" + std::to_string(value);
  if constexpr (sizeof...(rest) > 0) text += " " + pairs(rest...);
  return text;
}

/// `what`: a text, or a function that makes one; it is called only when the condition does not
/// hold, for most of a run is checks that do.
template <class What>
void require(bool holds, Invariant invariant, const What& what) {
  ++times_checked[invariant];
  if (holds) return;
  if constexpr (std::is_invocable_v<const What&>) {
    throw Broken(invariant, what());
  } else {
    throw Broken(invariant, what);
  }
}

template <class Seen, class Expected>
void require_equal(Invariant invariant, const char* what, Seen seen, Expected expected) {
  require(seen == static_cast<Seen>(expected), invariant, [&] {
    return std::string(what) + " is " + std::to_string(seen) + ", the model says " +
           std::to_string(expected);
  });
}

}  // namespace veltrix::simulation
