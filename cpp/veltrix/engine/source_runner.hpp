#pragma once
// One source on its own thread, with its own producer.

#include <atomic>
#include <memory>
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
  std::int64_t cpu_ns() const noexcept { return cpu_.ns(); }

 private:
  Result<void> publish(EventFields& fields) override;
  void malformed() override { producer_.count_rejected(); }
  bool stopping() const noexcept override { return stop_.load(std::memory_order_acquire); }

  Monitor& monitor_;
  std::unique_ptr<Source> source_;
  const std::uint8_t priority_;
  Producer& producer_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> done_{false};
  std::string error_;  // written before done_
  ThreadCpu cpu_;
  std::thread thread_;
};

}  // namespace veltrix
