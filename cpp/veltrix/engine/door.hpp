#pragma once
// Where events enter the engine: one moodycamel queue, the only use of that library.
//
// Its contract, repeated because order rests on it: first in, first out per producer token only;
// not linearizable across producers; not sequentially consistent. Each Producer owns a token and
// belongs to one thread at a time, so one thread's events keep their order. Dequeuing is done under
// the monitor.

#include <cstddef>

#include <concurrentqueue/concurrentqueue.h>

#include "veltrix/event/slot.hpp"

namespace veltrix {

class Door {
 public:
  using Queue = moodycamel::ConcurrentQueue<Slot*>;
  using Token = moodycamel::ProducerToken;

  Door() : consumer_(queue_) {}
  Token token() { return Token(queue_); }
  /// False: out of memory.
  bool push(const Token& token, Slot* slot) { return queue_.enqueue(token, slot); }
  bool push(const Token& token, Slot* const* slots, std::size_t count) {
    return queue_.enqueue_bulk(token, slots, count);
  }
  /// Under the monitor only.
  std::size_t drain(Slot** out, std::size_t most) {
    return queue_.try_dequeue_bulk(consumer_, out, most);
  }
  bool empty() const { return queue_.size_approx() == 0; }
  std::size_t size() const { return queue_.size_approx(); }

 private:
  Queue queue_;
  moodycamel::ConsumerToken consumer_;
};

}  // namespace veltrix
