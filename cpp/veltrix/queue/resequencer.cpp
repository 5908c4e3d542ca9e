#include "veltrix/queue/resequencer.hpp"

namespace veltrix {

Resequencer::PlaceInTime Resequencer::place_of(const Delivery& delivery) noexcept {
  const Slot& slot = *delivery.slot;
  return {delivery.key.high, delivery.key.low, instant_of(slot), slot.sequence};
}

void Resequencer::hold(Delivery& delivery, std::int64_t now) {
  const PlaceInTime place = place_of(delivery);
  held_.emplace(place, &delivery);
  ends_.push_back({now + wait_, place});
}

void Resequencer::remove(Delivery& delivery) {
  held_.erase(place_of(delivery));
  drop_stale_ends();
}

void Resequencer::drop_stale_ends() {
  while (!ends_.empty() && held_.count(ends_.front().place) == 0) ends_.pop_front();
}

void Resequencer::release(std::int64_t now, std::vector<Delivery*>& out) {
  for (; !ends_.empty() && ends_.front().at <= now; drop_stale_ends()) {
    const PlaceInTime last = ends_.front().place;
    const PlaceInTime first{last.high, last.low, {INT64_MIN, 0}, 0};
    const auto end = held_.upper_bound(last);
    const auto begin = held_.lower_bound(first);
    for (auto at = begin; at != end; ++at) out.push_back(at->second);
    held_.erase(begin, end);
    gone_.set({last.low, last.high}, last.time);
  }
}

}  // namespace veltrix
