#pragma once
// The whole machine once more, plain and slow. The world tells it of every call, in order; it works
// out what must have happened and throws Broken where the machine did something else.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "simulation/reference/dedup_model.hpp"
#include "simulation/reference/facts.hpp"
#include "simulation/reference/queue_model.hpp"
#include "simulation/reference/rule_model.hpp"

namespace veltrix::simulation {

struct ModelPlan {
  DispatchOptions dispatch;
  std::int64_t dedup_window = 0;
  std::uint64_t dedup_events = 0;
  std::vector<std::pair<QueueOptions, int>> queues;  // with their pool
  std::vector<std::uint32_t> pools;                  // slots
};

/// The engine's side of the ledger.
struct Tally {
  std::uint64_t received = 0, follow_ups = 0, admitted = 0, duplicate = 0, rejected = 0,
                unmatched = 0, pending = 0, dead_letters = 0;
};

/// How often a run came by what it is meant to try.
struct Sights {
  std::uint64_t picks = 0, overdue = 0, min_share = 0, highest = 0, lifted = 0, parked = 0,
                overflowed = 0, late = 0, returned = 0, refused = 0, too_many_hops = 0;
};

class Model {
 public:
  explicit Model(const ModelPlan& plan);

  struct Record {
    Record() = default;
    Record(const Record&) = delete;  // entries are pointed at
    Event event;
    Fate fate = Fate::kDoor;
    std::uint64_t sequence = 0;
    std::vector<Entry> entries;
    std::size_t open = 0;  // deliveries that are not terminal
    bool released = false;
  };

  // Door
  bool has_room(std::uint16_t queue, std::uint64_t bytes) const;
  void publish(const Event& event);    // its room is taken
  void abandon(std::uint64_t number);  // never reached the machine; its room is given back

  // Machine
  void receive(const std::vector<std::uint64_t>& numbers, std::int64_t now);
  void settle(const std::vector<SeenOutcome>& outcomes, std::int64_t now);
  void give_back(const std::vector<Ref>& deliveries, std::int64_t now);
  void advance(std::int64_t now);
  /// What the commit stage has been told and has said since the last call, in order. Read by the
  /// calls above, which must use it up.
  std::deque<StageEntry> stage;

  // Dispatcher
  void peek(int pool, int queue, std::int64_t now);
  /// The batch's estimated time, for finish().
  double pick(int pool, const SeenPick& pick, std::size_t most, std::int64_t now);
  void finish(const SeenPick& pick, double estimate, double took, std::size_t ran);
  /// The executor of that pick blocks / returns; the latter comes before its finish().
  void suspend(const SeenPick& pick) { rule(pool_of(pick)).free_slot(pick); }
  void resume(const SeenPick& pick) { rule(pool_of(pick)).hold_slot(pick); }

  void release(std::uint64_t number);
  bool timer_due(std::int64_t now) const {
    return !timers_.empty() && timers_.begin()->first <= now;
  }
  const RuleModel& rule(int pool) const { return rules_[static_cast<std::size_t>(pool)]; }

  const Record& record(std::uint64_t number) const { return records_.at(number); }
  const Entry& entry(const Ref& ref) const { return records_.at(ref.event).entries[ref.place]; }
  const Tally& tally() const { return tally_; }
  const std::vector<QueueModel>& queues() const { return queues_; }
  Sights sights() const;
  std::uint64_t times_held() const;
  std::size_t keyed_lines() const;
  bool quiet() const;

 private:
  Entry& entry(const Ref& ref) { return records_.at(ref.event).entries[ref.place]; }
  int pool_of(const SeenPick& pick) const {
    return queues_[static_cast<std::size_t>(pick.queue)].pool;
  }
  RuleModel& rule(int pool) { return rules_[static_cast<std::size_t>(pool)]; }
  QueueModel& queue_of(const Entry& entry) { return queues_[entry.target.queue]; }
  void admit(const std::vector<std::uint64_t>& numbers, std::int64_t now);
  bool admit_one(Record& record, std::int64_t now);
  void turn_away(Record& record, Fate fate);
  void follow_up(int from, const std::vector<std::uint64_t>& numbers, std::int64_t now);
  void decide(std::int64_t now);
  void file(Record& record, std::int64_t now);
  void enqueue(Entry& entry, std::int64_t now);
  void wait_until(Entry& entry, std::int64_t due);
  void fire(Entry& entry, std::int64_t now);
  bool settle_one(const SeenOutcome& outcome, std::int64_t now);
  void retry(Entry& entry, const SeenOutcome& outcome, std::int64_t now);
  void end(Entry& entry, std::uint64_t QueueTally::*count);
  void progress(QueueModel& queue, Line& line, std::int64_t now);
  void check_order(const SeenPick& pick);
  std::size_t bound(const SeenPick& pick, double time, std::size_t most) const;
  void take_batch(const SeenPick& pick, std::size_t most, std::int64_t now);
  std::size_t take_run(const SeenPick& pick, std::size_t from, std::size_t most);

  DispatchOptions options_;
  DedupModel dedup_;
  std::vector<QueueModel> queues_;
  std::vector<RuleModel> rules_;
  std::map<std::uint64_t, Record> records_;
  std::multimap<std::int64_t, Entry*> timers_;  // by the time at which they fire
  std::int64_t wheel_tick_ = 0;
  std::uint64_t next_sequence_ = 1;
  Tally tally_;
  Sights sights_;
};

}  // namespace veltrix::simulation
