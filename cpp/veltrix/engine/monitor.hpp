#pragma once
// The dispatcher is a monitor, not a thread: one state machine behind one leaf lock. Whoever
// becomes free enters, settles, drains the door, picks and leaves. Inside: no GIL, no user code, no
// I/O, no release of payloads.
//
// Sleeping and waking (no wake-up is lost, Dekker both ways):
//   producer   push / fence / idle mask has a sleeper of the target's pool? claim its bit, unpark
//   it executor   set own bit / fence / door empty and nothing changed since my visit? park visitor
//   change / fence / work left that I did not take and a sleeper? claim, unpark
// The waker clears the bit, so one sleeper is woken once however many producers see it.

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "veltrix/base/clock.hpp"
#include "veltrix/base/parker.hpp"
#include "veltrix/dispatch/machine.hpp"
#include "veltrix/engine/door.hpp"
#include "veltrix/engine/plan.hpp"
#include "veltrix/event/slab.hpp"
#include "veltrix/event/type_table.hpp"

namespace veltrix {

class Producer;

inline constexpr std::uint8_t kNativePool = 0;
inline constexpr std::uint8_t kPythonPool = 1;
inline constexpr std::uint8_t kLoopPool = 2;      // what an event loop runs
inline constexpr std::uint8_t kFirstOwnPool = 3;  // from here on: each of one queue
inline constexpr std::size_t kMaxPools = 32;
inline constexpr std::size_t kMaxExecutors = 64;  // bits of the idle mask

class Monitor {
 public:
  Monitor(std::unique_ptr<Plan> plan, std::unique_ptr<Machine> machine, std::string source);

  // Shared by producers, executors and housekeeping; each is safe from any thread.
  Slab slab;
  TypeTable types;
  Door door;
  Gate room;      // publishers that wait for room
  Gate quiet;     // drain()
  Gate receipts;  // who waits for acceptance or outcome of one event
  Gate notices;   // who tells people what the machine has for them
  /// Per pool: the highest priority + 1 published since one of its executors last picked. Executors
  /// look at it after every event, since nobody drains the door while all of them run.
  std::array<std::atomic<std::uint32_t>, kMaxPools> urgent{};
  std::atomic<bool> closed{false};        // publish is refused, except inside a handler
  std::atomic<bool> drained{false};       // there too: the drain is over, one way or the other
  std::atomic<std::uint64_t> version{0};  // visits that changed something
  std::atomic<bool> spinning{false};      // one executor at most spins
  std::atomic<std::uint32_t> sources_running{0};
  const std::string source;     // default source of events
  const std::uint64_t id_seed;  // of the dedup hash

  /// Steady time; of a step engine: its virtual clock (never 0).
  std::int64_t now() const noexcept {
    const std::int64_t virtual_now = virtual_ns_.load(std::memory_order_relaxed);
    return virtual_now != 0 ? virtual_now : steady_ns();
  }
  bool is_virtual() const noexcept { return virtual_ns_.load(std::memory_order_relaxed) != 0; }
  void set_virtual(std::int64_t now) noexcept { virtual_ns_.store(now, std::memory_order_relaxed); }

  const Plan& plan() const noexcept { return *plan_.load(std::memory_order_acquire); }

  std::mutex& mutex() noexcept { return mutex_; }
  void lock() noexcept;  // spins a little first: it is held for microseconds
  void unlock() noexcept { mutex_.unlock(); }
  bool try_lock() noexcept { return mutex_.try_lock(); }

  // Under the lock:
  Machine& machine() noexcept { return *machine_; }
  /// `level` (priority + 1) has been pushed through the door, for that pool. Any thread.
  void raise_urgent(std::uint8_t pool, std::uint32_t level) noexcept;
  /// By an executor that is about to drain the door and pick; nobody else may take the word away.
  /// The level that was announced; 0: none.
  std::uint32_t take_urgent(std::uint8_t pool) noexcept {
    // acquire: what was pushed before the word was raised is found at the door
    return urgent[pool].exchange(0, std::memory_order_acquire);
  }
  /// Takes what waits at the door, at most four rounds of 512. True: something came.
  bool drain_door(std::int64_t now) { return drain_door(now, kNativePool, 0); }
  /// The same, but goes on while nothing as urgent as the pool's `announced` level is ready: it may
  /// stand behind any number of others.
  bool drain_door(std::int64_t now, std::uint8_t pool, std::uint32_t announced);
  /// Lets timers and the commit stage go on. True: something may have changed.
  bool advance(std::int64_t now);
  /// Events that have come through the door and are not terminal, or are still in it.
  bool quiet_now() const noexcept;
  std::uint64_t in_door() const noexcept;

  // Executors by number; pools own consecutive numbers.
  void add_executor(std::size_t number, std::uint8_t pool, Parker& parker) noexcept;
  void set_idle(std::size_t number) noexcept;
  void clear_idle(std::size_t number) noexcept;
  bool any_idle(std::uint8_t pool) const noexcept;
  /// Wakes one sleeper of the pool; false: there is none.
  bool wake(std::uint8_t pool) noexcept;
  void wake_all() noexcept;
  /// A spare: its pool has no free slot, so no publisher shall wake it. Under the lock.
  void set_spare(std::size_t number) noexcept { spare_ |= std::uint64_t{1} << number; }
  /// It was woken by somebody else and works: wake_spare() shall not be spent on it. Under the
  /// lock.
  void clear_spare(std::size_t number) noexcept { spare_ &= ~(std::uint64_t{1} << number); }
  /// Wakes one spare of the pool (a slot became free). Under the lock.
  bool wake_spare(std::uint8_t pool) noexcept;
  std::uint64_t pool_mask(std::uint8_t pool) const noexcept { return pool_masks_[pool]; }
  bool one_idle(std::uint64_t mask) const noexcept {
    // seq_cst: after a visitor's change of `version` (Dekker; a producer has a fence of its own)
    return (idle_.load(std::memory_order_seq_cst) & mask) != 0;
  }

  /// Something that people shall read, of a queue or of none (kNoQueue). Takes the lock; whoever
  /// holds it says so to machine().notices(). Ten of one queue and code at once, then one a second.
  void warn(std::uint16_t queue, std::string_view code, std::string_view text);

  /// Until then a quiet moment is nothing that drain() could use: it is not told of each.
  bool sources_ended() const noexcept {
    // seq_cst: who sees a source running left the lock before that source ends and notifies
    return sources_running.load(std::memory_order_seq_cst) == 0;
  }

  // Immutable facts about pools and queues, for producers:
  std::uint8_t pools() const noexcept { return pools_; }
  std::uint8_t pool_of(std::uint16_t queue) const noexcept { return queue_pools_[queue]; }
  /// For producers: its options and its budget; the rest is the machine's.
  QueueState& queue(std::uint16_t id) noexcept { return *queues_[id]; }
  const QueueOptions& options(std::uint16_t queue) const noexcept {
    return queues_[queue]->options;
  }
  std::size_t queue_count() const noexcept { return queues_.size(); }

  // Producers register to be counted; their counts outlive them.
  Producer& open_producer(std::uint64_t seed = random_seed());
  std::uint64_t published() const noexcept;
  template <class Visit>
  void for_producers(const Visit& visit) const {
    const std::lock_guard guard(producers_mutex_);
    for (const auto& producer : producers_) visit(*producer);
  }

 private:
  std::atomic<std::int64_t> virtual_ns_{0};
  std::mutex mutex_;
  std::unique_ptr<Machine> machine_;          // GUARDED_BY(mutex_)
  std::vector<Slot*> incoming_;               // GUARDED_BY(mutex_); scratch of drain_door()
  std::vector<std::unique_ptr<Plan>> plans_;  // all epochs, so that a reader's plan never dies
  std::atomic<const Plan*> plan_;
  std::atomic<std::uint64_t> idle_{0};
  std::uint64_t spare_ = 0;  // GUARDED_BY(mutex_)
  std::array<std::uint64_t, kMaxPools> pool_masks_{};
  std::array<Parker*, kMaxExecutors> parkers_{};
  std::uint8_t pools_ = 0;
  std::vector<std::uint8_t> queue_pools_;
  std::vector<QueueState*> queues_;
  mutable std::mutex producers_mutex_;
  std::vector<std::unique_ptr<Producer>> producers_;  // GUARDED_BY(producers_mutex_)
};

}  // namespace veltrix
