#include "veltrix/engine/source_runner.hpp"

#include <optional>

#include "veltrix/base/thread_name.hpp"
#include "veltrix/engine/monitor.hpp"

namespace veltrix {
namespace {

// What an executor takes from the door in one go. To wake it costs as much as to write ten.
constexpr std::size_t kManyEvents = 512;

}  // namespace

/// A producer of its own: slots, type cache and routing scratch are one thread's.
class SourceRunner::Lane final : public SourceLane {
 public:
  Lane(Producer& producer, std::uint8_t priority, ThreadCpu* cpu)
      : producer_(producer), priority_(priority) {
    if (cpu != nullptr) measured_.emplace(*cpu);
  }

  Result<Slot*> prepare(EventFields& fields) override {
    return producer_.prepare(fields, 0, priority_);
  }
  void filtered() noexcept override { producer_.count_filtered(); }

 private:
  Producer& producer_;
  const std::uint8_t priority_;
  std::optional<ThreadCpu::Measured> measured_;
};

SourceRunner::SourceRunner(Monitor& monitor, std::unique_ptr<Source> source, std::uint8_t priority)
    : monitor_(monitor),
      source_(std::move(source)),
      priority_(priority),
      producer_(monitor.open_producer()) {}

void SourceRunner::start() {
  monitor_.sources_running.fetch_add(1, std::memory_order_seq_cst);
  thread_ = std::thread([this] {
    const ThreadCpu::Measured measured(cpu_);
    own_thread_ = std::this_thread::get_id();
    block_signals();
    name_this_thread("vx-" + source_->name());
    auto ended = source_->run(*this);
    flush();
    if (!ended) {
      error_ = ended.error().message;
      monitor_.warn(kNoQueue, "source_failed", error_);
    }
    done_.store(true, std::memory_order_release);
    monitor_.sources_running.fetch_sub(1, std::memory_order_seq_cst);
    monitor_.quiet.notify();
  });
}

void SourceRunner::join() {
  request_stop();
  if (thread_.joinable()) thread_.join();
}

std::int64_t SourceRunner::cpu_ns() const {
  std::int64_t sum = cpu_.ns();
  const std::lock_guard guard(lanes_mutex_);
  for (const ThreadCpu& cpu : lane_cpus_) sum += cpu.ns();
  return sum;
}

Result<void> SourceRunner::publish(EventFields& fields) {
  if (stopping()) return fail(ErrorCode::kEngineStopped, "the engine has stopped");
  auto published = producer_.publish(fields, priority_);
  if (!published) return tl::make_unexpected(published.error());
  return {};
}

ThreadCpu* SourceRunner::cpu_of_this_thread() {
  if (std::this_thread::get_id() == own_thread_) return nullptr;
  const std::lock_guard guard(lanes_mutex_);
  return &lane_cpus_.emplace_back();
}

std::unique_ptr<SourceLane> SourceRunner::open_lane() {
  return std::make_unique<Lane>(monitor_.open_producer(), priority_, cpu_of_this_thread());
}

Result<void> SourceRunner::push(Slot* prepared) {
  if (stopping()) {
    release(prepared);
    return fail(ErrorCode::kEngineStopped, "the engine has stopped");
  }
  if (producer_.reserve(*prepared) < 0) {
    company_[companions_++] = prepared;
    if (companions_ == company_.size()) linger();  // somebody calls flush() or linger() behind it
    return {};
  }
  flush();  // before the wait: those who shall make room may be among them
  return producer_.push_when_there_is_room(prepared);
}

void SourceRunner::linger() {
  const std::int64_t now = steady_ns();
  const bool many = lingering_ + companions_ >= kManyEvents;
  const bool wake = many || now - woken_ns_ >= kLinger;
  if (wake) woken_ns_ = now;
  hand_over(wake);
}

void SourceRunner::hand_over(bool wake) {
  if (companions_ == 0 && (lingering_ == 0 || !wake)) return;
  producer_.push(std::span<Slot* const>(company_.data(), companions_), wake);
  lingering_ = wake ? 0 : lingering_ + companions_;
  companions_ = 0;
}

}  // namespace veltrix
