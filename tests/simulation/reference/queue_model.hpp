#pragma once
// One queue as its documentation describes it: lines of deliveries, one line a key, and the heads
// of lines that are ready, by priority and age. Plain containers, everything recounted.

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "veltrix/queue/queue_options.hpp"

#include "simulation/reference/dedup_model.hpp"
#include "simulation/reference/facts.hpp"

namespace veltrix::simulation {

/// A delivery as the model knows it.
struct Entry {
  enum State {
    kNew,
    kDelayed,  // until its own time; has not been in line yet
    kHeld,     // until its key is in order of event time
    kAway,     // let others pass, and comes back to its place in line
    kWaiting,  // in line
    kRunning,
    kOver
  };
  Ref ref;
  Target target;
  std::uint64_t sequence = 0;
  std::uint64_t bytes = 0;
  bool has_time = false;
  std::int64_t time = 0;
  std::int64_t published = 0;
  std::int64_t expiry = INT64_MAX;
  State state = kNew;
  bool returns = false;  // redriven: to its place in line, not to its end
  int attempt = 0;
  std::int64_t since = -1;  // head of its line: ready since then, or not before then
  std::int64_t fires = -1;  // when its timer does
  std::int64_t hold_ends = 0;

  bool keyed() const { return target.key != 0; }
  bool waits() const { return state >= kDelayed && state <= kWaiting; }
};

struct Line {
  std::uint64_t number = 0;  // its key; above kUnordered: a line of one
  std::deque<Entry*> waiting;
  std::array<int, kPriorities> waiting_of{};  // by priority
  int running = 0;
  bool parked = false;  // the head may not run yet
  int listed_in = -1;   // the class in which its head is ready, -1: it is not
  bool keyed() const;
  int top() const;
};

inline constexpr std::uint64_t kUnordered = std::uint64_t{1} << 63;

/// Ready lines of one priority, oldest first.
struct Lane {
  std::multimap<std::int64_t, Line*> ready;
  double used = 0;            // time used ÷ weight
  bool active = false;        // may be picked while the queue is below its concurrency
  bool gathers = false;       // waits for more, because its queue lingers
  std::uint64_t company = 0;  // … so many it had when last looked at
  std::uint64_t size() const;
};

struct QueueTally {
  std::uint64_t accepted = 0, done = 0, dead = 0, dropped = 0, retried = 0, late = 0;
  std::uint64_t in_flight = 0, delayed = 0, running = 0, held = 0, bytes = 0;
  std::uint64_t reordered_late = 0;
  std::map<std::string, std::uint64_t> dropped_by_reason, dead_by_reason;
};

class QueueModel {
 public:
  QueueModel(const QueueOptions& queue_options, int queue_number, int queue_pool)
      : options(queue_options),
        number(queue_number),
        pool(queue_pool),
        repeats(queue_options.dedup_window, queue_options.dedup_events) {}

  const QueueOptions options;
  const int number;
  const int pool;
  QueueTally tally;
  std::array<Lane, kPriorities> lanes;
  std::uint32_t executors = 0;
  std::vector<int> emits;
  std::uint64_t room_events = 0;  // taken from the budget
  std::uint64_t room_bytes = 0;
  std::uint64_t lifted = 0, lowered = 0;
  double cost = 300'000;
  bool cost_known = false;
  std::map<std::uint64_t, Entry*> open;  // accepted and not over, by sequence
  std::map<std::pair<std::int64_t, std::uint64_t>, Entry*> expiring;  // of them, by expiry
  std::vector<Entry*> held;
  DedupModel repeats;
  std::map<std::uint64_t, std::int64_t> begun;  // by key: its last batch
  std::map<std::uint64_t, std::int64_t> gone;   // by key: the event time that went into line last

  bool batches() const { return options.batch_max_events > 0; }
  bool lingers() const { return options.batch_linger > 0; }
  /// A lane has gained or lost work: whether it waits for more.
  void look_at_company(Lane& lane) const;
  /// … after a pick: anew, by what is left.
  bool gathers_anew(Lane& lane, std::int64_t now) const;
  bool linger_is_over(const Lane& lane, std::int64_t now) const {
    return lane.ready.begin()->first + options.batch_linger <= now;
  }
  bool sorts() const { return options.sort_wait > 0; }
  bool keeps_latest() const { return options.latest_every >= 0; }
  bool retries_hold() const { return options.on_retry == OnRetry::kHold || keeps_latest(); }
  bool drops_waiting() const {
    return options.overflow == Overflow::kDropOldest || options.overflow == Overflow::kDropLowest;
  }
  bool over_capacity() const {
    return tally.in_flight > options.capacity_events || tally.bytes > options.capacity_bytes;
  }
  /// What an event of that size and priority finds at the door.
  bool has_room(std::uint64_t bytes, std::uint8_t priority) const;
  bool has_reserve(std::uint8_t priority) const { return priority < options.reserve_priority; }

  Line& line_of(Entry& entry);  // made if there is none
  bool before(const Entry& a, const Entry& b) const;
  /// False: the key has as much as it may have.
  bool has_room_in_line(const Line& line) const;
  /// At the end of the line.
  void join(Line& line, Entry& entry, std::int64_t now);
  /// To its place among those that wait. True: it is the first of them.
  bool come_in(Line& line, Entry& entry, std::int64_t now);
  /// Ran and failed, or was not run: among those that have begun, by rank.
  void come_back(Line& line, Entry& entry);
  /// Out of the line, from wherever it stands in it.
  void leave(Line& line, Entry& entry);
  /// Takes the head out of the line: it runs.
  Entry& begin(Line& line);
  void list_head(Line& line, std::int64_t now);
  void unlist(Line& line);
  void forget(Line& line) { lines_.erase(line.number); }
  /// Before then the next batch of that key must not begin.
  std::int64_t next_begin(std::uint64_t key) const;
  /// What overflow drops first, or nothing.
  Entry* first_to_drop() const;
  /// The first that waits although its time is over, or nothing.
  Entry* next_expired(std::int64_t now) const;
  /// The first whose hold ends by now, or nothing.
  Entry* next_hold(std::int64_t now) const;
  std::size_t ready() const;
  std::size_t keyed_lines() const;
  void learn(double took, std::size_t ran);

 private:
  void lift(Line& line, std::int64_t now);
  std::map<std::uint64_t, Line> lines_;
};

}  // namespace veltrix::simulation
