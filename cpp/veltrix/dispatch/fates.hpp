#pragma once
// What became of the deliveries of events that may be repeated: two bits each, kept also when the
// event is gone, so that a duplicate can be told the fate of the first one. A ring over the last
// sequences; an event has 32 deliveries at most here, further ones are not told. State machine
// only.

#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

#include "veltrix/queue/delivery.hpp"

namespace veltrix {

class Fates {
 public:
  static constexpr std::size_t kMaxEvents = std::size_t{1} << 20;  // 8 MB
  static constexpr std::size_t kDeliveries = 32;

  /// 0: nothing is kept.
  explicit Fates(std::size_t events)
      : wanted_(events == 0 ? 0 : std::bit_ceil(std::min(events, kMaxEvents))) {}

  void open(std::uint64_t sequence) {
    if (ring_.empty()) ring_.resize(wanted_);
    if (ring_.empty()) return;
    newest_ = sequence;
    at(sequence) = 0;
  }
  /// `place`: which delivery of the event; `state` is terminal.
  void note(std::uint64_t sequence, std::size_t place, DeliveryState state) noexcept {
    if (!knows(sequence) || place >= kDeliveries) return;
    at(sequence) |= code(state) << (2 * place);
  }
  /// kNew: not over yet. Null: too long ago.
  std::optional<DeliveryState> find(std::uint64_t sequence, std::size_t place) const noexcept {
    if (!knows(sequence) || place >= kDeliveries) return std::nullopt;
    const std::uint64_t bits = ring_[sequence & (ring_.size() - 1)] >> (2 * place) & 3U;
    if (bits == 0) return DeliveryState::kNew;
    return static_cast<DeliveryState>(static_cast<std::uint64_t>(DeliveryState::kDone) + bits - 1);
  }

 private:
  static std::uint64_t code(DeliveryState state) noexcept {
    return static_cast<std::uint64_t>(state) - static_cast<std::uint64_t>(DeliveryState::kDone) + 1;
  }
  bool knows(std::uint64_t sequence) const noexcept {
    return sequence != 0 && sequence <= newest_ && newest_ - sequence < ring_.size();
  }
  std::uint64_t& at(std::uint64_t sequence) noexcept {
    return ring_[sequence & (ring_.size() - 1)];
  }

  std::size_t wanted_;
  std::uint64_t newest_ = 0;
  std::vector<std::uint64_t> ring_;  // made with the first event
};

}  // namespace veltrix
