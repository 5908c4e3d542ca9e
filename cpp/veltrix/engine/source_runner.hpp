#pragma once
// One source on its own thread, with its own producer; further threads of it bring lanes.

#include <array>
#include <atomic>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "veltrix/base/thread_cpu.hpp"
#include "veltrix/engine/producer.hpp"
#include "veltrix/engine/source.hpp"

namespace veltrix {

class SourceRunner final : private SourceDoor {
 public:
  /// `priority`: of events that neither say one themselves nor get one from a route.
  SourceRunner(Monitor& monitor, std::unique_ptr<Source> source, std::uint8_t priority);

  const Source& source() const noexcept { return *source_; }
  Result<void> open() { return source_->open(); }
  void start();
  void request_stop() noexcept { stop_.store(true, std::memory_order_release); }
  void join();
  bool done() const noexcept { return done_.load(std::memory_order_acquire); }
  /// Why it ended early; empty: it did not. Valid when done().
  const std::string& error() const noexcept { return error_; }
  /// Of all its threads.
  std::int64_t cpu_ns() const;

 private:
  class Lane;

  Result<void> publish(EventFields& fields) override;
  void malformed() override { producer_.count_rejected(); }
  bool stopping() const noexcept override { return stop_.load(std::memory_order_acquire); }
  std::unique_ptr<SourceLane> open_lane() override;
  Result<void> push(Slot* prepared) override;
  void flush() override { hand_over(true); }
  void linger() override;
  void hand_over(bool wake);
  /// Null for the source's own thread, which is measured already.
  ThreadCpu* cpu_of_this_thread();

  Monitor& monitor_;
  std::unique_ptr<Source> source_;
  const std::uint8_t priority_;
  Producer& producer_;
  // Pushed together: one look at the sleepers for all of them, and an executor that is awake finds
  // more than one. They have their room already. Of whoever pushes.
  std::array<Slot*, 64> company_{};
  std::size_t companions_ = 0;
  // Pushed since an executor was woken the last time, and when that was. Likewise.
  std::size_t lingering_ = 0;
  std::int64_t woken_ns_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<bool> done_{false};
  std::string error_;  // written before done_
  ThreadCpu cpu_;
  std::thread::id own_thread_;  // written before any lane is opened
  mutable std::mutex lanes_mutex_;
  std::deque<ThreadCpu> lane_cpus_;  // GUARDED_BY(lanes_mutex_); addresses stay
  std::thread thread_;
};

}  // namespace veltrix
