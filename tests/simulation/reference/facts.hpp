#pragma once
// What the world tells the model, in plain numbers: events by number, deliveries by (event, place).

#include <cstdint>
#include <string>
#include <vector>

namespace veltrix::simulation {

struct Target {
  std::uint16_t queue = 0;
  std::uint8_t priority = 0;
  std::uint64_t key = 0;     // 0: unordered
  std::int64_t due = 0;      // 0: at once
  std::uint64_t repeat = 0;  // what tells repetitions in its queue; 0: nothing
  bool turned_away = false;  // found no room where the newest is dropped
};

struct Event {
  std::uint64_t number = 0;
  std::uint64_t id = 0;
  bool given = false;         // … by the producer: dedup applies
  std::uint64_t content = 0;  // of type and payload
  int hops = 0;
  bool unmatched = false;
  bool filtered = false;      // all conditions say no: it never comes to the machine
  bool filter_error = false;  // the same, but one could not be computed
  bool follow_up = false;
  bool redriven = false;
  bool has_time = false;
  std::int64_t time = 0;  // ns since 1970; 0 without a time
  std::int64_t published = 0;
  std::int64_t expires = INT64_MAX;  // what the event itself says
  std::uint64_t bytes = 0;
  std::vector<Target> targets;
};

/// One delivery: which event, and which of its targets.
struct Ref {
  std::uint64_t event = 0;
  std::size_t place = 0;
};

enum class Fate { kDoor, kPending, kAccepted, kDuplicate, kConflict, kRejected, kUnmatched, kFiltered };
enum class Ending { kDone, kRetry, kDead, kDrop };
enum class Reason { kNone, kOverdue, kMinShare, kHighest };

struct SeenPick {
  int queue = -1;  // -1: nothing was picked
  int priority = 0;
  Reason reason = Reason::kNone;
  bool fenced = false;  // the queue has its executor's place back
  std::vector<Ref> deliveries;
};

struct SeenOutcome {
  Ref delivery;
  int attempt = 0;
  Ending ending = Ending::kDone;
  std::string code;               // of a failure
  std::int64_t retry_after = -1;  // -1: the queue's backoff
  std::int64_t ready_ns = 0;      // of a retry: when the core lets it run again
  std::vector<std::uint64_t> follow_ups;
};

/// What a commit stage was given and what it said, in order.
struct StageEntry {
  enum Kind { kAppend, kCommitted, kRefused } kind = kAppend;
  std::vector<std::uint64_t> events;
};

/// A dead letter, by the event whose delivery died.
struct Letter {
  std::uint64_t event = 0;
  int queue = -1;  // -1: of none
  int attempts = 0;
  std::string code;
};

}  // namespace veltrix::simulation
