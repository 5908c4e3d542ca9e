#pragma once
// Events that know which one they are: the nanoseconds of an event's time are its number, which
// costs the handler no cache line beyond the one that the engine has read. So every run checks that
// each event came once and those of a key in order.

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <string_view>
#include <vector>

#include "veltrix/base/clock.hpp"
#include "veltrix/engine/engine.hpp"
#include "veltrix/engine/producer.hpp"

#include "bench/keys.hpp"
#include "bench/report.hpp"

namespace veltrix::bench {

inline constexpr std::string_view kPayload =
    R"({"amount":417,"currency":"EUR","customer":"c-001","region":"eu"})";

inline std::uint32_t number_of(const Delivery& delivery) noexcept {
  return delivery.slot->time_nanoseconds;
}

/// One thread's publisher of numbered events.
class Publisher {
 public:
  Publisher(Engine& engine, std::string_view type)
      : monitor_(engine.monitor()), producer_(monitor_.open_producer()) {
    fields_.type = type;
    fields_.data_kind = DataKind::kBytes;
    fields_.data = kPayload;
    fields_.has_time = true;
  }

  void set_type(std::string_view type) {
    fields_.type = type;
    fields_.type_id = kNoType;
  }
  void set_key(std::uint32_t key) { fields_.partition_key = key_.of(key); }
  void set_id(std::uint64_t id) {
    fields_.id = id_.of(id);
    fields_.given_id = true;
  }

  /// The way of sources and native publishers; waits for room.
  void publish(std::uint32_t number) {
    fields_.time.nanoseconds = number;
    if (auto published = producer_.publish(fields_); !published) give_up(published.error().message);
  }

  /// The same, but the event goes through the door with its bulk: when `size` are together, or when
  /// there is no room for more.
  void publish_in_bulk(std::uint32_t number, std::size_t size) {
    fields_.time.nanoseconds = number;
    auto prepared = producer_.prepare(fields_);
    if (!prepared) give_up(prepared.error().message);
    take_room(**prepared);
    bulk_.push_back(*prepared);
    if (bulk_.size() >= size) push();
  }
  void push() {
    if (bulk_.empty()) return;
    producer_.push(bulk_);
    bulk_.clear();
  }

 private:
  void take_room(Slot& slot) {
    while (producer_.reserve(slot) >= 0) {
      push();
      const std::uint32_t ticket = monitor_.room.prepare();
      if (producer_.reserve(slot) < 0) {
        monitor_.room.cancel();
        return;
      }
      const bool came = producer_.wait_for_room(ticket, steady_ns() + kSecond);
      require(came, "no room within a second");
    }
  }

  Monitor& monitor_;
  Producer& producer_;
  EventFields fields_;
  NumberText key_, id_;
  std::vector<Slot*> bulk_;
};

/// The cheapest handler that still can be checked: reads two fields of an event and notes the
/// number. For a queue that one executor serves.
class NoteNumbers final : public Handler {
 public:
  /// `seen`: one place per event, in memory that has been touched.
  explicit NoteNumbers(std::vector<std::uint32_t>& seen) : seen_(seen) {}

  void run(Batch& batch, Settler& settler) noexcept override {
    while (Delivery* delivery = batch.next()) {
      types_ += delivery->slot->type;
      if (at_ < seen_.size()) seen_[at_] = number_of(*delivery);
      ++at_;
      settler.done(*delivery);
    }
  }

 private:
  std::vector<std::uint32_t>& seen_;
  std::size_t at_ = 0;
  std::uint64_t types_ = 0;
};

/// Gives up unless `seen` holds each number below its size once, and those of a key ascending.
inline void check_seen(const std::vector<std::uint32_t>& seen, const Keys* keys) {
  std::vector<bool> came(seen.size());
  for (const std::uint32_t number : seen) {
    require(number < came.size() && !came[number], "an event came twice, another one never");
    came[number] = true;
  }
  if (keys == nullptr) return;
  std::vector<std::int64_t> last(std::size_t{1} + *std::max_element(keys->begin(), keys->end()),
                                 -1);
  for (const std::uint32_t number : seen) {
    std::int64_t& before = last[(*keys)[number]];
    require(before < number, "events of a key ran out of order");
    before = number;
  }
}

/// For queues that several executors serve: checks the order of each key on the spot. The engine
/// runs one event of a key at a time, so a key's entry needs no lock.
class KeyOrder {
 public:
  explicit KeyOrder(std::uint32_t keys) : next_(keys) {}

  void saw(std::uint32_t key, std::uint32_t number) noexcept {
    if (number < next_[key]) wrong_.store(true, std::memory_order_relaxed);
    next_[key] = number + 1;
  }
  void check() const {
    require(!wrong_.load(std::memory_order_relaxed), "events of a key ran out of order");
  }

 private:
  std::vector<std::uint32_t> next_;  // the least number that may come
  std::atomic<bool> wrong_{false};
};

}  // namespace veltrix::bench
