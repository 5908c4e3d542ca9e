#pragma once
// What the world tells the model, in plain numbers: events by number, deliveries by (event, place).

#include <cstdint>
#include <vector>

namespace veltrix::simulation {

struct Target {
  std::uint16_t queue = 0;
  std::uint8_t priority = 0;
  std::uint64_t key = 0;  // 0: unordered
  std::int64_t due = 0;   // 0: at once
};

struct Event {
  std::uint64_t number = 0;
  std::uint64_t id = 0;  // 0: not given by the producer
  int hops = 0;
  bool unmatched = false;
  bool follow_up = false;
  std::uint64_t bytes = 0;
  std::vector<Target> targets;
};

/// One delivery: which event, and which of its targets.
struct Ref {
  std::uint64_t event = 0;
  std::size_t place = 0;
};

enum class Fate { kDoor, kPending, kAccepted, kDuplicate, kRejected, kUnmatched };
enum class Ending { kDone, kRetry, kDead, kDrop };
enum class Reason { kNone, kOverdue, kMinShare, kHighest };

struct SeenPick {
  int queue = -1;  // -1: nothing was picked
  int priority = 0;
  Reason reason = Reason::kNone;
  std::vector<Ref> deliveries;
};

struct SeenOutcome {
  Ref delivery;
  int attempt = 0;
  Ending ending = Ending::kDone;
  std::int64_t retry_after = -1;  // -1: the queue's backoff
  std::int64_t ready_ns = 0;      // of a retry: when the core lets it run again
  std::vector<std::uint64_t> follow_ups;
};

/// What a commit stage was given and what it said, in order.
struct StageEntry {
  enum Kind { kAppend, kCommitted, kRefused } kind = kAppend;
  std::vector<std::uint64_t> events;
};

}  // namespace veltrix::simulation
