// The end of an engine.
//
// Nothing here is locked while it waits, and every step only asks: so stop() may be called by
// several threads at once, by a signal's handler that runs inside another stop(), and again after
// one that was interrupted. Whoever finds all threads at their end joins them.

#include <algorithm>

#include "veltrix/engine/engine.hpp"

namespace veltrix {

namespace {
constexpr std::int64_t kBriefly = 100 * kMillisecond;  // for running handlers, after a Ctrl-C
}  // namespace

void Engine::begin_stop(std::int64_t deadline) {
  const std::lock_guard guard(life_mutex_);
  if (!stopped()) state_.store(kStopping, std::memory_order_release);
  monitor_->closed.store(true, std::memory_order_release);
  // The shortest grace of all who stop it holds for all of them.
  stop_deadline_ = std::min(stop_deadline_.load(), deadline);
  for (auto& source : sources_) source->request_stop();
}

Result<DrainReport> Engine::stop(std::int64_t grace_ns, const Interrupted& interrupted,
                                 std::int64_t patience_ns) {
  if (Executor::inside_handler_of(*monitor_)) {
    return fail(ErrorCode::kDeadlock,
                "stop() inside a handler would wait for that handler; call it from another thread");
  }
  const std::int64_t begun = steady_ns();
  if (stopped()) return report(begun);
  begin_stop(begun + grace_ns);
  monitor_->room.notify();
  monitor_->quiet.notify();
  const auto patience = [=] { return begun + patience_ns; };
  WaitEnd end = WaitEnd::kReached;
  if (started()) {
    end = wait([this] { return sources_done() || stopped(); }, patience, interrupted);
  }
  if (started() && end != WaitEnd::kInterrupted) {
    end = wait([this] { return quiet() || stopped(); }, [this] { return stop_deadline_.load(); },
               interrupted);
  }
  monitor_->drained.store(true, std::memory_order_release);
  monitor_->quiet.notify();
  for (auto& runner : runners_) runner->request_stop();
  const bool hurry = end == WaitEnd::kInterrupted;
  const std::int64_t last = steady_ns() + (hurry ? kBriefly : patience_ns);
  end = wait([this] { return threads_ended(); }, [last] { return last; },
             hurry ? Interrupted() : interrupted);
  if (end == WaitEnd::kReached) finish_stop();
  return report(begun);
}

bool Engine::threads_ended() const noexcept {
  if (!started() || stopped()) return true;
  return sources_done() && std::all_of(runners_.begin(), runners_.end(),
                                       [](const auto& runner) { return runner->ended(); });
}

void Engine::finish_stop() {
  {
    const std::lock_guard guard(life_mutex_);
    if (stopped()) return;
    end_threads();
    state_.store(kStopped, std::memory_order_release);
  }
  monitor_->quiet.notify();
  monitor_->receipts.notify();
}

void Engine::end_threads() {
  for (auto& source : sources_) source->join();
  housekeeping_->stop();
  for (auto& runner : runners_) runner->request_stop();
  for (auto& runner : runners_) runner->join();
  while (opened_ > 0) {
    const auto closed = handlers_[--opened_].handler->close();
    if (!closed) {
      monitor_->warn(static_cast<std::uint16_t>(opened_), "close_failed", closed.error().message);
    }
  }
}

}  // namespace veltrix
