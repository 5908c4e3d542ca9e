#include "veltrix/engine/source_runner.hpp"

#include "veltrix/base/thread_name.hpp"
#include "veltrix/engine/monitor.hpp"

namespace veltrix {

SourceRunner::SourceRunner(Monitor& monitor, std::unique_ptr<Source> source, std::uint8_t priority)
    : monitor_(monitor),
      source_(std::move(source)),
      priority_(priority),
      producer_(monitor.open_producer()) {}

void SourceRunner::start() {
  monitor_.sources_running.fetch_add(1, std::memory_order_seq_cst);
  thread_ = std::thread([this] {
    const ThreadCpu::Measured measured(cpu_);
    block_signals();
    name_this_thread("vx-" + source_->name());
    auto ended = source_->run(*this);
    if (!ended) error_ = ended.error().message;
    done_.store(true, std::memory_order_release);
    monitor_.sources_running.fetch_sub(1, std::memory_order_seq_cst);
    monitor_.quiet.notify();
  });
}

void SourceRunner::join() {
  request_stop();
  if (thread_.joinable()) thread_.join();
}

Result<void> SourceRunner::publish(EventFields& fields) {
  if (stopping()) return fail(ErrorCode::kEngineStopped, "the engine has stopped");
  auto published = producer_.publish(fields, priority_);
  if (!published) return tl::make_unexpected(published.error());
  return {};
}

}  // namespace veltrix
