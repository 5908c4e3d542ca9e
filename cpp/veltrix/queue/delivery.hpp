#pragma once
// One event on its way through one queue: 64 bytes, apart from the slot that holds the event.
//
// A slot embeds its first delivery. Further queues of the same event take records from companion
// blocks: slots of the smallest class whose three free lines hold a delivery each, chained behind
// the event's slot by Slot::next and given back together with it.
//
// Two pairs of fields change their meaning when the delivery is filed: before, they carry the
// hashes that the door computed on the producer's thread; after, the links of run list and strand.

#include <atomic>
#include <cstdint>
#include <new>

#include "veltrix/base/hash.hpp"
#include "veltrix/event/slot.hpp"

namespace veltrix {

struct Strand;

enum class DeliveryState : std::uint8_t {
  kNew,      // on its way to the dispatcher
  kWaiting,  // filed: ready, behind others of its key, or delayed
  kRunning,
  kDone,  // the last three are terminal
  kDead,
  kDropped,
};

/// Where a delivery that waits is found. Under the monitor.
enum class Place : std::uint8_t {
  kNowhere,  // on its way, running, or terminal
  kReady,    // in a run list
  kTimer,    // in the timer wheel
  kLine,     // in the line of its key, not ready
  kHeld,     // waits for what comes before it in time
};

struct alignas(kCacheLine) Delivery {
  struct ListLink {
    Delivery* next;
    Delivery* prev;
  };
  struct StrandLink {
    Strand* strand;  // null: unordered
    Delivery* next;  // behind it in the strand
  };
  union {
    ListLink link;            // timer wheel; in a line, behind its head: `prev` there
    std::uint64_t run_place;  // run list
    Hash128 id_hash;  // before filing, first delivery only: (source, id) for dedup; empty: none
  };
  union {
    StrandLink order;
    Hash128 key;  // before filing: the key's hash; empty: unordered
  };
  Slot* slot = nullptr;
  Delivery* sibling = nullptr;  // next delivery of the same event
  std::int64_t ready_ns = 0;    // ready: since when; delayed: until when (0 before filing: at once)
  std::uint16_t queue = 0;
  std::uint8_t priority = 0;
  // Written under the monitor; read by receipts on any thread.
  std::atomic<DeliveryState> state{DeliveryState::kNew};
  std::uint16_t attempt = 0;     // attempts begun
  bool filed : 1 = false;        // `link` and `order` are links now, no longer hashes
  bool follow_up : 1 = false;    // taken in whatever the budget says
  bool turned_away : 1 = false;  // found no room under kDropNewest, and has none
  bool returns : 1 = false;      // has been in line before: goes back to its place there
  bool wait_known : 1 = false;   // picked before: its wait is in the histogram
  Place place = Place::kNowhere;

  Delivery() noexcept : id_hash{}, key{} {}
  bool terminal() const noexcept {
    // acquire: a receipt that sees the state also sees what was settled with it
    return state.load(std::memory_order_acquire) >= DeliveryState::kDone;
  }
};
static_assert(sizeof(Delivery) == kCacheLine);

inline Delivery& first_delivery(Slot& slot) noexcept {
  return *std::launder(reinterpret_cast<Delivery*>(slot.first_delivery));
}
inline const Delivery& first_delivery(const Slot& slot) noexcept {
  return *std::launder(reinterpret_cast<const Delivery*>(slot.first_delivery));
}

}  // namespace veltrix
