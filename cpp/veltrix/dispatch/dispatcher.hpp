#pragma once
// Files deliveries, picks batches and settles outcomes: the state machine behind one lock. No
// thread, no clock of its own, no I/O: time is an argument, and what a higher room must do is
// handed back.
//
// Invariants, checked by tests/simulation at every step:
//   1. every queue's ledger balances; in_flight is what is filed and not terminal
//   2. of one (queue, key) at most one batch is in flight (a fenced attempt apart), and events run
//      in order of sequence, or of event time where the queue sorts; an event that waits for its
//      retry holds those behind it, unless the queue lets them pass
//   3. a pick follows the rule of picker.hpp
//   4. no executor is left idle while eligible work is ready; of a queue that lingers a priority is
//      eligible when it has a full batch, or when its front has been ready for that long, and then
//      until it is picked
//
// Who may call: whoever holds the monitor, one at a time.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "veltrix/dispatch/dead_letters.hpp"
#include "veltrix/dispatch/dedup_window.hpp"
#include "veltrix/dispatch/fates.hpp"
#include "veltrix/dispatch/picker.hpp"
#include "veltrix/dispatch/retry_policy.hpp"
#include "veltrix/dispatch/timelines.hpp"
#include "veltrix/queue/delivery.hpp"
#include "veltrix/queue/outcome.hpp"
#include "veltrix/queue/queue_state.hpp"
#include "veltrix/queue/strand_table.hpp"
#include "veltrix/queue/timer_wheel.hpp"

namespace veltrix {

/// One pick: deliveries of one queue for one executor to run in this order.
struct Pick {
  Choice choice;
  double estimate_ns = 0;
  bool fenced = false;  // its place in the queue's concurrency has been given back
  std::vector<Delivery*> deliveries;
  bool empty() const noexcept { return deliveries.empty(); }
};

/// Slots whose last delivery became terminal; the caller drops one reference of each, outside the
/// monitor.
using Released = std::vector<Slot*>;

class Dispatcher {
 public:
  struct Pool {
    std::uint32_t slots;   // executors that may be at work at once
    bool reserves = true;  // one of several for priorities from reserved_from on
  };
  struct QueuePlan {
    QueueOptions options;
    std::uint8_t pool;
  };

  Dispatcher(DispatchOptions options, std::vector<QueuePlan> queues, std::vector<Pool> pools,
             DeadLetters& dead_letters);

  /// All deliveries of a committed event. A delivery's ready_ns, when set, is when it is due.
  void file(Slot& slot, std::int64_t now, Released& released);

  /// The next batch for an executor of that pool, or an empty one. finish() ends it.
  void pick(std::uint8_t pool, std::size_t max_deliveries, std::int64_t now, Pick& out);
  /// `actual_ns`: what running `ran` deliveries of it took.
  void finish(const Pick& pick, double actual_ns, std::uint64_t ran);

  /// A picked delivery that did not run. Give back in reverse order, before settling the others.
  void give_back(Delivery& delivery, std::int64_t now, Released& released);
  /// The end of an attempt. False: the attempt was over before (counted as late, nothing changes).
  bool settle(Delivery& delivery, std::uint16_t attempt, Outcome& outcome, std::int64_t now,
              Released& released);
  /// The end of an attempt that takes too long: as settle() with a retry for `timeout`, and the
  /// queue gets the executor's place back. The executor goes on; what it reports is late.
  bool fence(Pick& pick, Delivery& delivery, std::uint16_t attempt, std::int64_t now,
             Released& released);
  /// A delivery that waits, given up by hand: dropped as `cancelled`, never a dead letter.
  void cancel(Delivery& delivery, std::int64_t now, Released& released);
  /// Everything that waits, in no particular order.
  void collect_waiting(std::vector<Delivery*>& out) const;
  /// After a round of settle(): room goes back to the budgets.
  void return_room() noexcept;

  /// Drops what has expired, ends holds and lingers, and moves what has become due into the run
  /// lists.
  void advance(std::int64_t now, Released& released);
  std::int64_t next_due() const noexcept;

  /// `from`'s handler emitted into `to`.
  void note_emission(std::uint16_t from, std::uint16_t to);

  /// The queue that the next pick of that pool would serve, or null.
  const QueueState* next_queue(std::uint8_t pool, std::int64_t now);
  Picker& picker(std::uint8_t pool) noexcept { return pickers_[pool]; }
  std::size_t pools() const noexcept { return pickers_.size(); }
  std::vector<std::unique_ptr<QueueState>>& queues() noexcept { return queues_; }
  const std::vector<std::unique_ptr<QueueState>>& queues() const noexcept { return queues_; }
  std::size_t strands() const noexcept { return strands_.size(); }
  Fates& fates() noexcept { return fates_; }
  Timelines& timelines() noexcept { return timelines_; }
  const Timelines& timelines() const noexcept { return timelines_; }
  std::uint64_t in_flight() const noexcept { return in_flight_; }
  /// Brings what file() will need into the cache, and what settle() will need for its key's end.
  void prefetch(const Slot& slot) const noexcept;
  void prefetch_end(const Delivery& delivery) const noexcept;

 private:
  // filing.cpp: from acceptance to the run lists
  void file_one(QueueState& queue, Delivery& delivery, std::int64_t now, Released& released);
  const char* refusal(QueueState& queue, Delivery& delivery, std::int64_t now);
  void enqueue(Delivery& delivery, std::int64_t now, Released& released);
  bool hold(QueueState& queue, Delivery& delivery, std::int64_t now, Released& released);
  void end_holds(QueueState& queue, std::int64_t now, Released& released);
  void line_up(QueueState& queue, Delivery& delivery, std::int64_t now, Released& released);
  void line_up_keyed(QueueState& queue, Delivery& delivery, std::int64_t now, Released& released);
  void rejoin(QueueState& queue, Strand& strand, Delivery& delivery);
  void supersede(Strand& strand, std::int64_t now, Released& released);
  void evict(QueueState& queue, std::int64_t now, Released& released);
  std::size_t key_bound(const QueueOptions& options) const noexcept;

  // dispatcher.cpp: run lists, timers
  void list_ready(QueueState& queue, Delivery& delivery, std::uint8_t priority);
  void unlist(QueueState& queue, Delivery& delivery, std::uint8_t priority);
  void list_by_readiness(QueueState& queue, Delivery& delivery, std::uint8_t priority);
  void list_head(QueueState& queue, Strand& strand, std::int64_t now);
  void gather(QueueState& queue, std::uint8_t priority, std::uint64_t count);
  void gather_anew(QueueState& queue, std::uint8_t priority, std::int64_t now);
  void end_lingers(QueueState& queue, std::int64_t now);
  void hand_over(QueueState& queue, Delivery& head, Delivery& successor, std::uint8_t priority);
  void start_timer(QueueState& queue, Delivery& delivery);
  void stop_timer(QueueState& queue, Delivery& delivery);
  void fire(std::int64_t now, Released& released);
  void note_timed(QueueState& queue);
  void expire(QueueState& queue, std::int64_t now, Released& released);
  void progress(QueueState& queue, Strand* strand, std::int64_t now);
  void withdraw(QueueState& queue, Delivery& delivery, std::int64_t now);
  /// A delivery that waits, given up by a policy.
  void drop(Delivery& delivery, const char* reason, std::int64_t now, Released& released);
  void watch_expiry(QueueState& queue, Delivery& delivery);
  void begin_waiting(QueueState& queue, Delivery& delivery);
  void end_waiting(QueueState& queue, Delivery& delivery);

  // settlement.cpp: batches out, outcomes in
  void take(QueueState& queue, Delivery& delivery, std::int64_t now, Pick& out);
  void take_run(QueueState& queue, Strand& strand, std::size_t max, std::int64_t now, Pick& out);
  void fail(QueueState& queue, Delivery& delivery, Outcome& outcome, std::int64_t now,
            Released& released);
  void retry(QueueState& queue, Delivery& delivery, const Outcome& outcome, std::int64_t now);
  void tally_drop(QueueState& queue, Delivery& delivery, const std::string& reason);
  void count_drop(QueueState& queue, Delivery& delivery, const char* reason, std::int64_t now);
  void bury(QueueState& queue, Delivery& delivery, Failure failure, std::int64_t now);
  void lay_down(QueueState& queue, const Delivery& delivery, Failure failure, std::int64_t now);
  void terminate(QueueState& queue, Delivery& delivery, DeliveryState state, Released& released);
  void free_place(QueueState& queue);
  bool held(const QueueState& queue) const;
  bool reaches(std::uint16_t from, std::uint16_t to) const;

  DispatchOptions options_;
  std::vector<std::unique_ptr<QueueState>> queues_;
  std::vector<Picker> pickers_;
  StrandTable strands_;
  TimerWheel wheel_;
  RetryPolicy retry_policy_;
  DeadLetters& dead_letters_;
  Fates fates_;
  Timelines timelines_;
  // By queue; null: no window of its own.
  std::vector<std::unique_ptr<DedupWindow>> dedup_;
  std::vector<Delivery*> due_;      // scratch of advance()
  std::vector<QueueState*> timed_;  // queues in which something may expire, be held or linger
  std::vector<Delivery*> let_go_;   // scratch of end_holds()
  std::uint64_t in_flight_ = 0;     // over all queues
  struct Room {
    QueueState* queue;
    std::uint64_t events;
    std::uint64_t bytes;
  };
  std::vector<Room> room_;  // not yet returned to the budgets
};

}  // namespace veltrix
