#include "veltrix/queue/run_list.hpp"

#include <algorithm>

namespace veltrix {

namespace {
constexpr std::size_t kFirstSize = 64;

bool older(const Delivery& a, const Delivery& b) noexcept {
  if (a.ready_ns != b.ready_ns) return a.ready_ns < b.ready_ns;
  return a.slot->sequence < b.slot->sequence;
}
}  // namespace

void RunList::push_by_readiness(Delivery& delivery) {
  if (end_ - begin_ == ring_.size()) make_room();
  std::uint64_t place = begin_;
  while (place != end_ && (at(place) == nullptr || older(*at(place), delivery))) ++place;
  if (place == end_) {
    put(end_++, &delivery);
    return;
  }
  // Those before it move up by one.
  for (std::uint64_t moved = begin_; moved != place; ++moved) put(moved - 1, at(moved));
  --begin_;
  put(place - 1, &delivery);
}

void RunList::remove(Delivery& delivery) noexcept {
  put(delivery.run_place, nullptr);
  ++gaps_;
  for (; begin_ != end_ && at(begin_) == nullptr; ++begin_) --gaps_;
  for (; begin_ != end_ && at(end_ - 1) == nullptr; --end_) --gaps_;
}

/// Closes the gaps where they are worth it, else doubles the ring.
void RunList::make_room() {
  const bool grows = 2 * gaps_ < ring_.size() || ring_.empty();
  std::vector<Delivery*> waiting;
  waiting.reserve(end_ - begin_);
  for_each([&](Delivery& delivery) { waiting.push_back(&delivery); });
  if (grows) ring_.resize(std::max(kFirstSize, 2 * ring_.size()));
  end_ = begin_;
  gaps_ = 0;
  for (Delivery* delivery : waiting) put(end_++, delivery);
}

}  // namespace veltrix
