#pragma once
// The same engine without threads: one caller, a virtual clock, the same machine and the same
// handlers. Behind `veltrix.testing.Simulation`. Handlers take no virtual time; everything that is
// ready runs, the clock jumps to the next timer, until nothing is left or `until` is reached. Same
// plan, same seed, same events: same run. Not synchronised.

#include <memory>
#include <string>
#include <vector>

#include "veltrix/engine/engine.hpp"

namespace veltrix {

/// One attempt, as the recorder saw it. Times are virtual nanoseconds since the start.
struct AttemptRecord {
  Slot* slot;  // one reference held
  std::uint16_t queue;
  std::uint16_t attempt;
  std::int64_t at_ns;
  DeliveryState state;  // after settlement: kWaiting = retry
  std::string code;
  std::string text;
};

class StepEngine {
 public:
  static Result<std::unique_ptr<StepEngine>> create(const PlanOptions& options,
                                                    std::vector<QueueHandler> handlers,
                                                    std::uint64_t seed);
  ~StepEngine();
  StepEngine(const StepEngine&) = delete;
  StepEngine& operator=(const StepEngine&) = delete;

  Monitor& monitor() noexcept { return *monitor_; }
  Producer& producer() noexcept { return *producer_; }

  /// Runs until nothing is left to do, or up to `until_ns` (virtual, since the start; -1: no
  /// limit).
  void run(std::int64_t until_ns);
  /// From a handler: run() returns after this step.
  void interrupt() noexcept { interrupted_ = true; }
  std::int64_t now() const noexcept { return monitor_->now() - kStart; }
  const std::vector<AttemptRecord>& attempts() const noexcept { return attempts_; }
  EngineStatistics statistics();

 private:
  class Recorder;
  static constexpr std::int64_t kStart = 1'000 * kSecond;  // virtual time never is 0
  static constexpr std::size_t kMaxAttempts = 1'000'000;   // kept records
  StepEngine() = default;
  bool step(std::uint8_t pool);
  void release_slots();

  std::unique_ptr<Monitor> monitor_;
  std::vector<QueueHandler> handlers_;
  Producer* producer_ = nullptr;
  bool interrupted_ = false;
  std::vector<AttemptRecord> attempts_;
};

}  // namespace veltrix
