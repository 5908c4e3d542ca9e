#pragma once
// One queue as its documentation describes it: lines of deliveries, one line a key, and the heads
// of lines that are ready, by priority and age. Plain containers, everything recounted.

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "veltrix/queue/queue_options.hpp"

#include "simulation/reference/facts.hpp"

namespace veltrix::simulation {

/// A delivery as the model knows it.
struct Entry {
  enum State { kNew, kDelayed, kWaiting, kRunning, kOver };
  Ref ref;
  Target target;
  std::uint64_t sequence = 0;
  std::uint64_t bytes = 0;
  State state = kNew;
  int attempt = 0;
  bool filed = false;
  std::int64_t since = -1;  // head of its line: ready since then, or (a retry) not before then
};

struct Line {
  std::uint64_t number = 0;  // its key; above kUnordered: a line of one
  std::deque<Entry*> waiting;
  std::array<int, kPriorities> waiting_of{};  // by priority
  int running = 0;
  bool parked = false;  // the head waits for its retry
  int listed_in = -1;   // the class in which its head is ready, -1: it is not
  int top() const;
};

inline constexpr std::uint64_t kUnordered = std::uint64_t{1} << 63;

/// Ready lines of one priority, oldest first.
struct Lane {
  std::multimap<std::int64_t, Line*> ready;
  double used = 0;      // time used ÷ weight
  bool active = false;  // has ready work while the queue is below its concurrency
};

struct QueueTally {
  std::uint64_t accepted = 0, done = 0, dead = 0, dropped = 0, retried = 0, late = 0;
  std::uint64_t in_flight = 0, delayed = 0, running = 0, bytes = 0;
};

class QueueModel {
 public:
  QueueModel(const QueueOptions& queue_options, int queue_number, int queue_pool)
      : options(queue_options), number(queue_number), pool(queue_pool) {}

  const QueueOptions options;
  const int number;
  const int pool;
  QueueTally tally;
  std::array<Lane, kPriorities> lanes;
  std::uint32_t executors = 0;
  std::vector<int> emits;
  std::uint64_t room_events = 0;  // taken from the budget
  std::uint64_t room_bytes = 0;
  std::uint64_t lifted = 0;
  double cost = 300'000;
  bool cost_known = false;

  bool over_capacity() const {
    return tally.in_flight > options.capacity_events || tally.bytes > options.capacity_bytes;
  }
  Line& line_of(Entry& entry);
  /// False: the key has as much as it may have.
  bool has_room_in_line(const Line& line) const;
  void join(Line& line, Entry& entry, std::int64_t now);
  /// Ran and failed, or was not run: among those that came back, by sequence.
  void come_back(Line& line, Entry& entry);
  /// Takes the head out of the line: it runs.
  Entry& begin(Line& line);
  void list_head(Line& line, std::int64_t now);
  void unlist(Line& line);
  void forget(Line& line) { lines_.erase(line.number); }
  std::size_t ready() const;
  std::size_t keyed_lines() const;
  void learn(double took, std::size_t ran);

 private:
  std::map<std::uint64_t, Line> lines_;
};

}  // namespace veltrix::simulation
