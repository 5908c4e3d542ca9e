#include "bindings/gil_meter.hpp"

#include <algorithm>
#include <string>

#include "veltrix/base/thread_cpu.hpp"

namespace veltrix {

namespace {

constexpr double kLong = 50.0 * kMicrosecond;
constexpr std::int64_t kTooLong = 100 * kMillisecond;

bool expected_long(const Batch& batch) noexcept {
  return batch.queue().cost_ns * static_cast<double>(batch.size()) > kLong;
}

}  // namespace

GilMeter::GilMeter(Batch& batch) noexcept
    : batch_(batch),
      picked_ns_(batch.begun_ns()),
      by_cpu_(expected_long(batch)),
      cpu_ns_(by_cpu_ ? thread_cpu_ns() : 0) {}

void GilMeter::attached() noexcept { wait_ns_ = batch_.begun_ns() - picked_ns_; }

void GilMeter::finished(Monitor& monitor, const std::string& handler) noexcept {
  const std::int64_t hold = by_cpu_ ? thread_cpu_ns() - cpu_ns_ : steady_ns() - batch_.begun_ns();
  batch_.charge({wait_ns_, hold});
  if (!by_cpu_ || hold < kTooLong) return;
  const std::int64_t calls =
      batch_.queue().batches() ? 1 : std::max<std::int64_t>(1, batch_.handed_out());
  if (hold / calls < kTooLong) return;
  monitor.warn(batch_.queue().id, "gil_held",
               "handler '" + handler + "' computed for " +
                   std::to_string(hold / calls / kMillisecond) +
                   " ms in one call; until it ends, all other Python code waits or takes turns "
                   "with it: split the work, or give the queue `pool: processes`");
}

}  // namespace veltrix
