#pragma once
// The options of one queue: behaviour first, then bounds. Defaults are here and nowhere else; the
// pydantic model is checked against these fields by a house test. Durations are nanoseconds.

#include <cstdint>
#include <string>
#include <vector>

#include "veltrix/base/clock.hpp"
#include "veltrix/base/limits.hpp"

namespace veltrix {

enum class Order : std::uint8_t {
  kKey,    // events of one key run one after another, in order of sequence
  kNone,   // no order; keys are not computed
  kTotal,  // all events of the queue run one after another
};

enum class OnRetry : std::uint8_t {
  kHold,  // an event that waits for its retry holds those behind it in its key
  kPass,  // they pass it; it comes back to its place among those that have not run by then
};

enum class Late : std::uint8_t {
  kDeliver,  // an event that came too late to be put in order runs out of order
  kDead,     // … becomes a dead letter `late`
  kDrop,     // … is dropped as `late`
};

enum class Overflow : std::uint8_t {
  kBlock,       // publish waits up to overflow_timeout, then fails with kQueueFull
  kReject,      // publish fails with kQueueFull at once
  kDropNewest,  // what finds no room is dropped
  kDropOldest,  // takes it in and drops what was accepted first and has not begun
  kDropLowest,  // the same, of the lowest priority that waits
};

inline constexpr std::int64_t kMaxLinger = 60 * kSecond;

struct RetryOptions {
  std::uint32_t max_attempts = 5;             // 1 … 1,000; 1 = never retry
  std::int64_t backoff = 200 * kMillisecond;  // first delay; doubles with every attempt
  std::int64_t max_backoff = 60 * kSecond;    // the delay's bound
  std::int64_t max_age = 0;  // since publish; what fails later is not retried; 0 = no limit
};

/// `value` is an expression, `path` where its value goes: dots between names, "data." may lead.
struct TransformSet {
  std::string path;
  std::string value;
};

/// Expressions see the event as it came, never what another one has set.
struct TransformOptions {
  std::string type;               // expression of a text: the new type; "" = as it was
  std::vector<TransformSet> set;  // what is not an object on the way to a path is an error
  std::vector<std::string> drop;  // paths in data, before anything is set
  std::string key;                // expression: the new partition key; "" = as it was
  bool publish = false;           // routed again, as an event of its own; else the queue has a sink

  bool is_empty() const noexcept {
    return type.empty() && set.empty() && drop.empty() && key.empty() && !publish;
  }
};

struct QueueOptions {
  std::string name;            // [A-Za-z0-9_.-]{1,100}
  std::string handler;         // what runs the events: "module:function", or …
  std::string sink;            // … the name of a sink; exactly one of the two …
  TransformOptions transform;  // … or a transform that publishes, or one with a sink
  std::uint8_t priority = kDefaultPriority;  // for events and routes that say nothing
  Order order = Order::kKey;
  OnRetry on_retry = OnRetry::kHold;
  std::int64_t sort_wait = 0;  // > 0: each event is held so long, to put its key in order of time
  Late sort_late = Late::kDeliver;
  std::int64_t latest_every = -1;  // >= 0: of a key only the newest waits; it runs so often at most
  std::uint32_t batch_max_events = 0;  // 1 … 10,000 in one pick, taken whole; 0: no such batches
  std::int64_t batch_linger = 0;       // how long fewer of a priority wait for company, once ready
  std::uint32_t concurrency = 1;       // 1 … 1,024 executors at work on it at most
  std::uint32_t weight = 1;            // 1 … 1,000 share of time inside a priority
  std::int64_t max_wait = 30 * kSecond;  // starvation bound, counted while ready
  std::int64_t timeout = 0;              // of an attempt; 0 = none
  std::int64_t ttl = 0;                  // since publish; what waits longer is dropped; 0 = none
  RetryOptions retry;
  bool by_reference = false;  // payloads are Python objects, passed as they are
  bool bury_drops = false;    // what the queue drops by policy also becomes a dead letter

  std::vector<std::string> dedup_by;  // paths whose values make an event a duplicate in this queue
  std::int64_t dedup_window = 0;      // 0 = off
  std::uint64_t dedup_events = 1'000'000;

  std::uint32_t capacity_events = 100'000;     // 1 … 16,000,000 accepted and not terminal
  std::uint64_t capacity_bytes = 64ULL << 20;  // of slots (size classes), not of payload
  std::uint32_t capacity_per_key = 0;          // 0 = 1/8 of capacity_events
  std::uint8_t reserve_priority = 0;           // from it on, publishers may use …
  double reserve_share = 0;                    // … this share of the capacity; 0 … 0.9
  Overflow overflow = Overflow::kBlock;
  std::int64_t overflow_timeout = 5 * kSecond;
};

}  // namespace veltrix
