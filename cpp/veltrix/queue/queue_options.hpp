#pragma once
// The options of one queue: behaviour first, then bounds. Defaults are here and nowhere else; the
// pydantic model is checked against these fields by a house test. Durations are nanoseconds.

#include <cstdint>
#include <string>

#include "veltrix/base/clock.hpp"
#include "veltrix/base/limits.hpp"

namespace veltrix {

enum class Order : std::uint8_t {
  kKey,    // events of one key run one after another, in order of sequence
  kNone,   // no order; keys are not computed
  kTotal,  // all events of the queue run one after another
};

enum class Overflow : std::uint8_t {
  kBlock,   // publish waits up to overflow_timeout, then fails with kQueueFull
  kReject,  // publish fails with kQueueFull at once
};

struct RetryOptions {
  std::uint32_t max_attempts = 5;             // 1 … 1,000; 1 = never retry
  std::int64_t backoff = 200 * kMillisecond;  // first delay; doubles with every attempt
  std::int64_t max_backoff = 60 * kSecond;    // the delay's bound
};

struct QueueOptions {
  std::string name;                          // [A-Za-z0-9_.-]{1,100}
  std::string handler;                       // what runs the events: "module:function", or …
  std::string sink;                          // … the name of a sink; exactly one of the two
  std::uint8_t priority = kDefaultPriority;  // for events and routes that say nothing
  Order order = Order::kKey;
  std::uint32_t concurrency = 1;         // 1 … 1,024 executors at work on it at most
  std::uint32_t weight = 1;              // 1 … 1,000 share of time inside a priority
  std::int64_t max_wait = 30 * kSecond;  // starvation bound, counted while ready
  RetryOptions retry;

  std::uint32_t capacity_events = 100'000;     // 1 … 16,000,000 accepted and not terminal
  std::uint64_t capacity_bytes = 64ULL << 20;  // of slots (size classes), not of payload
  std::uint32_t capacity_per_key = 0;          // 0 = 1/8 of capacity_events
  Overflow overflow = Overflow::kBlock;
  std::int64_t overflow_timeout = 5 * kSecond;
};

}  // namespace veltrix
