#pragma once
// Dead letters in memory, newest last, with a bound: beyond it the oldest is forgotten and counted.
// Each holds a reference to its event's slot. State machine only.

#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "veltrix/event/slot.hpp"

namespace veltrix {

inline constexpr std::uint16_t kNoQueue = 0xFFFF;

struct DeadLetter {
  Slot* slot;
  std::uint16_t queue;  // kNoQueue: no route took the event, or it was refused before
  std::uint16_t attempts;
  std::int64_t at_ns;  // the machine's clock
  std::string code;
  std::string text;
};

class DeadLetters {
 public:
  explicit DeadLetters(std::size_t bound) : bound_(bound) {}
  ~DeadLetters() {
    for (DeadLetter& letter : letters_) release(letter.slot);
  }
  DeadLetters(const DeadLetters&) = delete;
  DeadLetters& operator=(const DeadLetters&) = delete;

  void add(DeadLetter letter) {
    // relaxed: the caller holds a reference already
    letter.slot->refs.fetch_add(1, std::memory_order_relaxed);
    letters_.push_back(std::move(letter));
    if (letters_.size() <= bound_) return;
    release(letters_.front().slot);
    letters_.pop_front();
    ++evicted_;
  }
  const std::deque<DeadLetter>& all() const noexcept { return letters_; }
  std::uint64_t evicted() const noexcept { return evicted_; }

 private:
  std::size_t bound_;
  std::deque<DeadLetter> letters_;
  std::uint64_t evicted_ = 0;
};

}  // namespace veltrix
