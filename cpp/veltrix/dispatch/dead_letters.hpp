#pragma once
// Dead letters in memory, newest last, with a bound: beyond it the oldest is forgotten and counted.
// Each holds a reference to its event's slot. State machine only.

#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "veltrix/base/hash.hpp"
#include "veltrix/dispatch/notices.hpp"
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
  Hash128 key = {};          // of its line; empty: unordered
  std::uint64_t number = 0;  // given by DeadLetters, never again
};

class DeadLetters {
 public:
  /// `notices`: who tells people of each, if anybody.
  explicit DeadLetters(std::size_t bound, Notices* notices = nullptr)
      : bound_(bound), notices_(notices) {}
  ~DeadLetters() {
    for (DeadLetter& letter : letters_) release(letter.slot);
  }
  DeadLetters(const DeadLetters&) = delete;
  DeadLetters& operator=(const DeadLetters&) = delete;

  void add(DeadLetter letter) {
    if (notices_ != nullptr) {
      const Notices::Given given{letter.queue, letter.attempts, letter.code, letter.text};
      notices_->dead_letter(*letter.slot, given, letter.at_ns);
    }
    // relaxed: the caller holds a reference already
    letter.slot->refs.fetch_add(1, std::memory_order_relaxed);
    letter.number = ++added_;
    letters_.push_back(std::move(letter));
    if (letters_.size() <= bound_) return;
    release(letters_.front().slot);
    letters_.pop_front();
    ++evicted_;
  }
  /// Takes a letter out, to run it again: its event's sequence, or 0 if it is not there (any more).
  std::uint64_t take(std::uint64_t number) {
    const auto found = std::lower_bound(
        letters_.begin(), letters_.end(), number,
        [](const DeadLetter& letter, std::uint64_t wanted) { return letter.number < wanted; });
    if (found == letters_.end() || found->number != number) return 0;
    const std::uint64_t sequence = found->slot->sequence;
    release(found->slot);
    letters_.erase(found);
    return sequence;
  }
  const std::deque<DeadLetter>& all() const noexcept { return letters_; }
  std::uint64_t evicted() const noexcept { return evicted_; }

 private:
  std::size_t bound_;
  Notices* notices_;
  std::deque<DeadLetter> letters_;
  std::uint64_t added_ = 0;
  std::uint64_t evicted_ = 0;
};

}  // namespace veltrix
