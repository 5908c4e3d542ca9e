#include "veltrix/engine/housekeeping.hpp"

#include <algorithm>

#include "veltrix/base/thread_name.hpp"

namespace veltrix {

namespace {
constexpr std::int64_t kTick = kMillisecond;          // with work in flight
constexpr std::int64_t kIdleTick = 5 * kMillisecond;  // without
}  // namespace

void Housekeeping::start() {
  thread_ = std::thread([this] { loop(); });
}

void Housekeeping::stop() {
  stop_.store(true, std::memory_order_release);
  parker_.unpark();
  if (thread_.joinable()) thread_.join();
}

void Housekeeping::loop() {
  const ThreadCpu::Measured measured(cpu_);
  block_signals();
  name_this_thread("vx-housekeep");
  while (!stop_.load(std::memory_order_acquire)) {
    tick();
    parker_.park(busy_ ? kTick : kIdleTick);
  }
}

void Housekeeping::tick() {
  if (!monitor_.try_lock()) return;
  const std::int64_t now = steady_ns();
  bool changed = monitor_.drain_door(now);
  changed |= monitor_.advance(now);
  Machine& machine = monitor_.machine();
  for (auto& runner : runners_) changed |= runner->check(now);
  if (changed) monitor_.version.fetch_add(1, std::memory_order_seq_cst);
  for (std::uint8_t pool = 0; pool < monitor_.pools(); ++pool) {
    const bool ready = machine.dispatcher().next_queue(pool, now) != nullptr;
    if (ready && !monitor_.wake(pool)) monitor_.wake_spare(pool);
  }
  busy_ = !machine.quiet();
  const bool quiet = changed && machine.quiet();
  if (machine.notices().due(now)) machine.notices().tell_left_out(now, false);
  const bool told = machine.notices().waiting();
  released_.swap(machine.released());
  monitor_.unlock();
  if (changed) monitor_.room.notify();
  if (changed) monitor_.receipts.notify();
  if (quiet) monitor_.quiet.notify();
  if (told) monitor_.notices.notify();
  SlotReturner returner;
  for (Slot* slot : released_) returner.drop(slot);
  released_.clear();
}

}  // namespace veltrix
