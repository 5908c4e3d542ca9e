#pragma once
// moodycamel's queue alone: what every figure of native dispatch is held against. One producer and
// one consumer, both with a token; pointers that nobody looks at. The consumer takes bulks, as the
// engine's door is drained in bulks, too.

#include <algorithm>
#include <array>
#include <cstdint>
#include <thread>
#include <vector>

#include <concurrentqueue/concurrentqueue.h>

#include "veltrix/base/clock.hpp"

namespace veltrix::bench {

inline double per_second(std::uint64_t count, std::int64_t begin) {
  return static_cast<double>(count) * 1e9 / static_cast<double>(steady_ns() - begin);
}

/// `bulk` pointers at a time.
inline double through_raw_queue(std::uint64_t count, std::size_t bulk) {
  constexpr std::size_t kTaken = 256;
  moodycamel::ConcurrentQueue<void*> queue;
  const std::int64_t begin = steady_ns();
  std::thread consumer([&] {
    moodycamel::ConsumerToken token(queue);
    std::array<void*, kTaken> taken{};
    for (std::uint64_t seen = 0; seen < count;) {
      seen += queue.try_dequeue_bulk(token, taken.data(), taken.size());
    }
  });
  moodycamel::ProducerToken token(queue);
  int event = 0;
  if (bulk == 1) {
    for (std::uint64_t i = 0; i < count; ++i) queue.enqueue(token, &event);
  } else {
    const std::vector<void*> events(bulk, &event);
    for (std::uint64_t i = 0; i < count; i += bulk) {
      queue.enqueue_bulk(token, events.data(), std::min<std::uint64_t>(bulk, count - i));
    }
  }
  consumer.join();
  return per_second(count, begin);
}

}  // namespace veltrix::bench
