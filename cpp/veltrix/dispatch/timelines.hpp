#pragma once
// The stations of events, for people who ask what became of one. In full for events that failed and
// for one in 1,024; of other recent ones what their stamps say. Both are bounded: the oldest are
// forgotten. What the tables take is taken with their first entry: a process whose memory still
// grew after millions of events would look as if it leaked. State machine only.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "veltrix/queue/delivery.hpp"

namespace veltrix {

enum class StationKind : std::uint8_t {
  kPublished,  // handed to the engine
  kAdmitted,   // accepted, with a sequence
  kReady,      // nothing of its key was before it any more
  kStarted,    // its handler was called, or its batch began
  kRetry,      // the attempt failed; there will be another one
  kDone,
  kDead,
  kDropped,
  kWaiting,  // where it is now
};

struct Station {
  std::int64_t at_ns = 0;  // the machine's clock
  StationKind kind = StationKind::kPublished;
  std::uint16_t queue = 0;  // of all but the first two
  std::uint16_t attempt = 0;
  std::string code;  // of a failure or drop
};

struct Timeline {
  std::uint64_t sequence = 0;
  std::uint32_t type = 0;
  bool full = false;  // else from stamps: only the last attempt
  std::vector<Station> stations;
};

/// One attempt as settle() sees it.
struct AttemptStamps {
  std::uint16_t queue = 0;
  std::uint16_t attempt = 0;
  std::int64_t ready_ns = 0;  // 0: not known
  std::int64_t begun_ns = 0;  // 0: not known
};

/// What ids are compared by here.
std::uint64_t id_tag(const Slot& slot) noexcept;
std::uint64_t id_tag(std::string_view id) noexcept;

class Timelines {
 public:
  static constexpr std::size_t kTraces = 4'096;
  static constexpr std::size_t kStations = 64;  // of one event
  static constexpr std::size_t kRecent = 16'384;
  static constexpr std::size_t kRecentPerVisit = 8;  // so that a flood does not pay for it

  static bool sampled(const Slot& slot) noexcept { return (slot.sequence & 1'023) == 0; }
  /// Worth writing down, whatever its outcome is.
  static bool traced(const Delivery& delivery) noexcept {
    return sampled(*delivery.slot) || delivery.attempt > 1;
  }

  void admitted(const Slot& slot, std::int64_t now);
  /// The end of an attempt that is traced, or failed.
  void ended(const Slot& slot, const AttemptStamps& stamps, StationKind kind, std::string_view code,
             std::int64_t now);
  /// Of all others, the first few of each visit.
  void recent(const Slot& slot, const AttemptStamps& stamps, std::int64_t now);
  void new_visit() noexcept { recent_left_ = kRecentPerVisit; }
  bool wants_recent() const noexcept { return recent_left_ != 0; }

  /// Everything known of events with that tag.
  void find(std::uint64_t tag, std::vector<Timeline>& out) const;
  const Timeline* trace_of(std::uint64_t sequence) const;

 private:
  static constexpr std::size_t kUsualStations = 8;  // of an event in one queue, retried once

  struct Trace {
    std::uint64_t tag = 0;  // all of it stays when the next event takes the place
    Timeline timeline;
  };
  struct Recent {
    std::uint64_t tag = 0, sequence = 0;
    std::int64_t published_ns = 0, ready_ns = 0, begun_ns = 0, ended_ns = 0;
    std::uint32_t type = 0;
    std::uint16_t queue = 0, attempt = 0;
  };
  void make_room();
  Trace& open(const Slot& slot);
  static void add(Trace& trace, Station station);

  std::vector<Trace> traces_;                                  // a ring, in order of opening
  std::unordered_map<std::uint64_t, std::size_t> trace_with_;  // sequence -> place in the ring
  std::size_t next_trace_ = 0;
  std::vector<Recent> recent_;  // a ring
  std::size_t next_recent_ = 0;
  std::size_t recent_left_ = 0;
};

}  // namespace veltrix
