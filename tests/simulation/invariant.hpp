#pragma once
// The names under which a run fails, and the exception that carries one out of it.

#include <stdexcept>
#include <string>
#include <utility>

namespace veltrix::simulation {

inline constexpr const char* kLedger = "ledger";             // counts, budgets, slots
inline constexpr const char* kKeyOrder = "key_order";        // one line per key, retries hold it
inline constexpr const char* kPickRule = "pick_rule";        // dispatch/picker.hpp
inline constexpr const char* kLowestShare = "lowest_share";  // min_share and the bound on waiting
inline constexpr const char* kNoIdle = "no_idle";            // no executor idles beside ready work
inline constexpr const char* kDedup = "dedup";               // (source, id) inside the window
inline constexpr const char* kTimers = "timers";             // never early, late by a tick at most

class Broken : public std::runtime_error {
 public:
  Broken(const char* name, const std::string& what) : std::runtime_error(what), invariant(name) {}
  const char* invariant;
};

/// "a=1 b=2": what a message says about numbers.
template <class Number, class... Rest>
std::string pairs(const char* name, Number value, Rest... rest) {
  std::string text = std::string(name) + "=" + std::to_string(value);
  if constexpr (sizeof...(rest) > 0) text += " " + pairs(rest...);
  return text;
}

inline void require(bool holds, const char* invariant, const std::string& what) {
  if (!holds) throw Broken(invariant, what);
}

template <class Seen, class Expected>
void require_equal(const char* invariant, const std::string& what, Seen seen, Expected expected) {
  if (seen == static_cast<Seen>(expected)) return;
  throw Broken(invariant, what + " is " + std::to_string(seen) + ", the model says " +
                              std::to_string(expected));
}

}  // namespace veltrix::simulation
