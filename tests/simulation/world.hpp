#pragma once
// One run: a virtual clock, producers, executors and a commit stage around the machine under test,
// and the model beside it. Every call goes to both; after every step everything is compared.
//
// Time moves from one thing that is due to the next. A step does what is due, drains the door, lets
// the machine advance where it says that it has to, offers every idle executor a pick, and checks.

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "simulation/event_maker.hpp"
#include "simulation/flaky_stage.hpp"
#include "simulation/reference/model.hpp"

namespace veltrix::simulation {

struct Verdict {
  std::string invariant;  // empty: all held
  std::string what;
  std::uint64_t trace = 0;
  std::uint64_t steps = 0;
  std::uint64_t events = 0;
  Sights sights;
};

class World {
 public:
  explicit World(const Scenario& scenario);
  ~World();
  Verdict run();

 private:
  struct Planned {
    Delivery* delivery;
    Ref ref;
    std::uint16_t attempt;
    Ending ending;
    std::int64_t retry_after;
    std::int64_t begins_ns;  // when its handler is called
    std::int64_t ends_ns;    // … and returns
  };
  struct Worker {
    int pool = 0;
    bool busy = false;
    bool stalled = false;
    bool passed_on = false;  // what it had not begun is with others
    Pick pick;
    SeenPick seen;
    double estimate = 0;
    std::int64_t begun_ns = 0;
    std::int64_t ends_ns = INT64_MAX;
    std::int64_t stall_seen_ns = INT64_MAX;  // when housekeeping notices
    std::int64_t fence_ns = INT64_MAX;       // when an attempt is given up next
    std::vector<Planned> runs;               // in the order of their outcomes
    std::vector<Delivery*> skipped;          // behind a failure of their key
    std::vector<Delivery*> unrun;            // the batch's end, given back
    std::vector<Slot*> fenced;               // held as long as the executor is at work on them
  };

  // world.cpp: time, door, housekeeping
  void step();
  std::int64_t next_time() const;
  void publish();
  bool take_room(Event& event, Slot& slot);
  void enter(const Event& event, Slot* slot);
  void learn(const Event& event, Slot* slot);
  void receive(bool all);
  void advance();
  void drop_released();
  void let_go(Slot* slot);
  void finish_run();
  bool at_rest() const;

  // workers.cpp: executors and handlers
  void visit(Worker& worker);
  void offer(Worker& worker);
  void offer_all();
  void plan(Worker& worker);
  void plan_whole(Worker& worker);
  void see_stall(Worker& worker);
  void pass_on_rest(Worker& worker);
  void settle(Worker& worker);
  void give_back(const std::vector<Delivery*>& deliveries);
  std::unique_ptr<std::vector<Slot*>> emit(const Ref& parent, std::vector<std::uint64_t>& numbers);
  Outcome outcome_of(const Planned& planned, SeenOutcome& seen);
  const HandlerTraits& handler(const Worker& worker) const;

  // interventions.cpp: what is done to deliveries from outside
  void intervene();
  void settle_late();
  void see_timeout(Worker& worker);
  void skip_key_of(Worker& worker, const Planned& fenced);
  void note_next_timeout(Worker& worker) const;
  void cancel();
  void redrive();
  Model::Redriven copy_of(const DeadLetter& letter);

  // checks.cpp
  void check();
  void check_ends();
  void check_counts() const;
  void check_letters() const;
  void check_letter(const DeadLetter& letter, const Letter& expected) const;
  void check_queue(const QueueState& queue, const QueueModel& model) const;
  void check_reasons(const QueueState& queue, const QueueModel& model) const;
  void check_timers() const;
  void check_fate(const Slot& slot, std::uint64_t number) const;
  static void check_priorities(const QueueState& queue);
  void check_end() const;

  Ref ref_of(const Delivery& delivery) const;
  Delivery& delivery_of(const Ref& ref) const;
  Dispatcher& dispatcher() { return machine_->dispatcher(); }

  Scenario scenario_;
  Dice dice_;
  Trace trace_;
  Slab slab_;
  EventMaker maker_;
  Model model_;
  std::unordered_map<const Slot*, std::uint64_t> numbers_;
  std::unordered_map<const Delivery*, Ref> refs_;
  std::unordered_map<std::uint64_t, Slot*> slots_;     // by event
  std::unordered_map<std::uint64_t, Slot*> receipts_;  // references that somebody keeps
  std::unique_ptr<Machine> machine_;
  FlakyStage* stage_ = nullptr;  // owned by the machine
  std::vector<Worker> workers_;
  std::vector<Slot*> door_;
  std::vector<Planned> past_;          // outcomes that could come once more
  std::vector<std::uint64_t> recent_;  // events that went through the door lately
  std::uint64_t published_ = 0;
  std::int64_t now_ = kSecond;
  std::int64_t next_publish_ = kSecond;
  std::int64_t next_housekeeping_ = kSecond;
  std::uint64_t steps_ = 0;
};

}  // namespace veltrix::simulation
