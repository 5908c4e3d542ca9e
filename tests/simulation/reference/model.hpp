#pragma once
// The whole machine once more, plain and slow. The world tells it of every call, in order; it works
// out what must have happened and throws Broken where the machine did something else.
//
//   model.cpp             door, admission, commit stage
//   model_filing.cpp      from acceptance into line: what is dropped, delayed, held
//   model_timers.cpp      what time does: expiry, ends of holds, timers
//   model_picks.cpp       what may be picked
//   model_settlement.cpp  ends of attempts
//   model_letters.cpp     ends of deliveries, dead letters, cancel and redrive

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "simulation/reference/dedup_model.hpp"
#include "simulation/reference/facts.hpp"
#include "simulation/reference/queue_model.hpp"
#include "simulation/reference/rule_model.hpp"
#include "simulation/reference/sights.hpp"

namespace veltrix::simulation {

struct ModelPlan {
  DispatchOptions dispatch;
  std::int64_t dedup_window = 0;
  std::uint64_t dedup_events = 0;
  std::size_t dead_letters = 0;
  std::vector<std::pair<QueueOptions, int>> queues;  // with their pool
  std::vector<std::uint32_t> pools;                  // slots
};

/// The engine's side of the ledger.
struct Tally {
  std::uint64_t received = 0, follow_ups = 0, admitted = 0, duplicate = 0, rejected = 0,
                conflict = 0, filtered = 0, unmatched = 0, pending = 0, letters_evicted = 0;
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
    int owed = 0;          // releases that must come
  };

  // Door
  enum class Room { kTaken, kTurnedAway, kRefused };
  Room room(const Target& target, std::uint64_t bytes);
  void publish(const Event& event);    // its room is taken
  void abandon(std::uint64_t number);  // never reached the machine; its room is given back

  // Machine
  void receive(const std::vector<std::uint64_t>& numbers, std::int64_t now);
  void settle(const std::vector<SeenOutcome>& outcomes, std::int64_t now);
  void give_back(const std::vector<Ref>& deliveries, std::int64_t now);
  /// A running attempt of that pick is given up. False: it is over.
  bool fence(const SeenOutcome& outcome, SeenPick& pick, std::int64_t now);
  void advance(std::int64_t now);
  void cancel(std::uint64_t id, std::int64_t now);
  struct Redriven {
    std::uint64_t letter = 0;  // its event
    Event event;               // … once more, with the letter's target only
  };
  std::size_t redrive(const std::vector<Redriven>& all, std::int64_t spacing, std::int64_t now);
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
  bool timer_due(std::int64_t now) const;
  const RuleModel& rule(int pool) const { return rules_[static_cast<std::size_t>(pool)]; }

  const Record& record(std::uint64_t number) const { return records_.at(number); }
  const Entry& entry(const Ref& ref) const { return records_.at(ref.event).entries[ref.place]; }
  const Tally& tally() const { return tally_; }
  const std::vector<QueueModel>& queues() const { return queues_; }
  const std::deque<Letter>& letters() const { return letters_; }

  /// What a policy dropped; taken away by whoever looks at it.
  struct Dropped {
    Ref delivery;
    const char* reason;
  };
  std::vector<Dropped> dropped;

  Sights sights() const;
  std::size_t keyed_lines() const;
  bool quiet() const;

 private:
  Entry& entry(const Ref& ref) { return records_.at(ref.event).entries[ref.place]; }
  int pool_of(const SeenPick& pick) const {
    return queues_[static_cast<std::size_t>(pick.queue)].pool;
  }
  RuleModel& rule(int pool) { return rules_[static_cast<std::size_t>(pool)]; }
  QueueModel& queue_of(const Entry& entry) { return queues_[entry.target.queue]; }
  void refresh(QueueModel& queue) { rule(queue.pool).refresh(queue); }

  void admit(const std::vector<std::uint64_t>& numbers, std::int64_t now);
  bool admit_one(Record& record, std::int64_t now);
  bool seen_before(Record& record, std::int64_t now);
  void refuse(Record& record);
  void turn_away(Record& record, Fate fate);
  void follow_up(int from, const std::vector<std::uint64_t>& numbers, std::int64_t now);
  void decide(std::int64_t now);

  void file(Record& record, std::int64_t now);
  void file_one(Entry& entry, std::int64_t now);
  bool repeats(Entry& entry, std::int64_t now);
  void arrive(Entry& entry, std::int64_t now);
  bool too_late(Entry& entry);
  void enter(Entry& entry, std::int64_t now);
  void keep_newest(QueueModel& queue, Line& line, std::int64_t now);
  void evict(QueueModel& queue, std::int64_t now);
  void progress(QueueModel& queue, Line& line, std::int64_t now);
  void withdraw(Entry& entry, std::int64_t now);

  void wait_until(Entry& entry, std::int64_t due);
  void stop_timer(Entry& entry);
  void expire(QueueModel& queue, std::int64_t now);
  void end_holds(QueueModel& queue, std::int64_t now);
  void end_lingers(QueueModel& queue, std::int64_t now);
  void fire(Entry& entry, std::int64_t now);
  void come_in(Entry& entry, std::int64_t now);

  bool settle_one(const SeenOutcome& outcome, std::int64_t now);
  void fail(Entry& entry, const SeenOutcome& outcome, std::int64_t now);
  void retry(Entry& entry, const SeenOutcome& outcome, std::int64_t now);
  std::int64_t check_delay(const Entry& entry, const SeenOutcome& outcome, std::int64_t now) const;
  void return_one(Entry& entry, std::int64_t now);

  void accept(Entry& entry);
  void drop(Entry& entry, const char* reason, std::int64_t now);  // what waits
  void end_dropped(Entry& entry, const std::string& reason);
  void end_by_policy(Entry& entry, const char* reason);
  void end_dead(Entry& entry, const std::string& code);
  void end(Entry& entry, std::uint64_t QueueTally::*count);
  void add_letter(Letter letter);

  void check_order(const SeenPick& pick);
  std::size_t bound(const SeenPick& pick, double time, std::size_t most) const;
  void take_batch(const SeenPick& pick, std::size_t most, std::int64_t now);
  std::size_t take_run(const SeenPick& pick, std::size_t from, std::size_t most, std::int64_t now);

  DispatchOptions options_;
  DedupModel dedup_;
  std::size_t most_letters_;
  std::vector<QueueModel> queues_;
  std::vector<RuleModel> rules_;
  std::map<std::uint64_t, Record> records_;
  std::multimap<std::int64_t, Entry*> timers_;  // by the time at which they fire
  std::deque<Letter> letters_;
  std::int64_t wheel_tick_ = 0;
  std::uint64_t next_sequence_ = 1;
  Tally tally_;
  Sights sights_;
};

}  // namespace veltrix::simulation
