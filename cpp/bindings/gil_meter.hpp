#pragma once
// What a batch of a Python handler costs those who wait for the GIL.
//
// A handler that sleeps or waits for input lets go of the GIL, so wall time is no measure of its
// hold; its thread's CPU time is, but costs 0.2 us to read. So short batches, which cannot have
// slept for long, count by the wall, and those that are expected to be long by CPU time.

#include <string>

#include "veltrix/engine/batch.hpp"
#include "veltrix/engine/monitor.hpp"

namespace veltrix {

class GilMeter {
 public:
  explicit GilMeter(Batch& batch) noexcept;
  /// The thread has the GIL now, and had to wait for it.
  void attached() noexcept;
  /// The handler has run. Once an event (or one call of a batch) has kept others from the GIL for
  /// too long, people are told who did.
  void finished(Monitor& monitor, const std::string& handler) noexcept;

 private:
  Batch& batch_;
  const std::int64_t picked_ns_;
  std::int64_t wait_ns_ = 0;
  const bool by_cpu_;
  const std::int64_t cpu_ns_;
};

}  // namespace veltrix
