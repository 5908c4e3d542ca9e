#pragma once
// Puts each key of one queue back into the order of event time. An event is held for `wait` after
// its arrival; when its hold ends it goes, and before it everything of its key that ranks before it
// (time, then sequence). So of two events that arrive less than `wait` apart none overtakes the
// other; what arrives behind a later event that has gone is late, and counted.
//
// The rank that went last is remembered per key (key_memory.hpp), also while the key has no work.
// State machine only.

#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "veltrix/queue/delivery.hpp"
#include "veltrix/queue/key_memory.hpp"

namespace veltrix {

class Resequencer {
 public:
  explicit Resequencer(std::int64_t wait) noexcept : wait_(wait) {}

  /// A later event of its key has gone already.
  bool late(const Delivery& delivery) const {
    const Instant* gone = gone_.find(delivery.key);
    return gone != nullptr && instant_of(*delivery.slot) < *gone;
  }
  /// `delivery.key` is still the hash.
  void hold(Delivery& delivery, std::int64_t now);
  void remove(Delivery& delivery);
  /// Appends what goes now, in the order in which it goes.
  void release(std::int64_t now, std::vector<Delivery*>& out);

  /// When the next hold ends; INT64_MAX: never.
  std::int64_t next_due() const noexcept { return ends_.empty() ? INT64_MAX : ends_.front().at; }
  std::size_t size() const noexcept { return held_.size(); }
  template <class F>
  void for_each(F&& visit) const {
    for (const auto& [place, delivery] : held_) visit(*delivery);
  }

 private:
  struct PlaceInTime {
    std::uint64_t high, low;  // the key; a whole key is one range
    Instant time;
    std::uint64_t sequence;
    friend auto operator<=>(const PlaceInTime&, const PlaceInTime&) = default;
  };
  struct End {
    std::int64_t at;
    PlaceInTime place;
  };
  static PlaceInTime place_of(const Delivery& delivery) noexcept;
  void drop_stale_ends();

  const std::int64_t wait_;
  std::map<PlaceInTime, Delivery*> held_;
  std::deque<End> ends_;  // in order of arrival; what went with another is skipped
  KeyMemory<Instant> gone_;
};

}  // namespace veltrix
