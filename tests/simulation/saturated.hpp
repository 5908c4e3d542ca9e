#pragma once
// A machine in which every queue has work all the time, and who used how much of the executors'
// time. Without the model: shares are a matter of long runs, not of single picks.

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "simulation/event_maker.hpp"
#include "simulation/scenario.hpp"

namespace veltrix::simulation {

/// Work of one queue: what an event costs its handler, and how it comes in.
struct Load {
  QueueOptions options;
  std::int64_t fastest = 0;
  std::int64_t slowest = 0;
  std::uint64_t keys = 1;
  std::uint64_t backlog = 64;  // kept up, unless
  std::int64_t one_every = 0;  // > 0: a single event at such a pace
};

class Saturated {
 public:
  Saturated(std::uint64_t seed, const DispatchOptions& options, std::vector<Load> loads,
            std::uint32_t slots);
  ~Saturated();
  void run(std::int64_t until_ns, std::uint64_t most_picks);

  /// Executor time, in ns, of what has finished.
  double used(int priority) const { return used_[static_cast<std::size_t>(priority)]; }
  double used() const;
  double used_by(std::uint16_t queue) const { return used_by_[queue]; }
  std::int64_t longest_batch() const {
    return *std::max_element(longest_batch_.begin(), longest_batch_.end());
  }
  std::int64_t longest_batch(int priority) const {
    return longest_batch_[static_cast<std::size_t>(priority)];
  }
  std::int64_t longest_wait(std::uint16_t queue) const { return waited_[queue]; }
  /// How far overdue picks ever went beyond `rate` of the time since any moment, in ns.
  double overdue_excess() const { return excess_; }
  std::uint64_t overdue_picks() const { return overdue_picks_; }

 private:
  struct Worker {
    Pick pick;
    std::int64_t begun_ns = 0;
    std::int64_t ends_ns = INT64_MAX;
  };
  void top_up();
  void add(std::uint16_t queue);
  void offer(Worker& worker);
  void settle(Worker& worker);
  void note_overdue(double ns);
  std::int64_t next_time() const;
  void drop_released();

  Scenario scenario_;
  std::vector<Load> loads_;
  Dice dice_;
  Slab slab_;
  EventMaker maker_;
  std::unique_ptr<Machine> machine_;
  std::vector<Worker> workers_;
  std::vector<std::int64_t> next_one_;
  std::vector<std::int64_t> waited_;
  std::array<double, kPriorities> used_{};
  std::vector<double> used_by_;
  std::int64_t now_ = kSecond;
  std::array<std::int64_t, kPriorities> longest_batch_{};
  std::uint64_t picks_ = 0;
  std::uint64_t overdue_picks_ = 0;
  double overdue_used_ = 0;
  double least_above_rate_ = 0;
  double excess_ = 0;
};

}  // namespace veltrix::simulation
