// Events of low priority wait in line, none of them over age, and one executor works on them. Then
// one event of high priority is published, while the executor is inside a batch. At which position
// does it begin? 1: next, as soon as the handler that runs returns. Asked when all of the line has
// been filed, and when the engine has not even seen most of it: then the urgent event stands behind
// the rest at the door. SIZE: events of low priority.

#include <atomic>
#include <thread>

#include "bench/numbered.hpp"
#include "bench/pipeline.hpp"

namespace {

using namespace veltrix;
using namespace veltrix::bench;

/// Runs events of low priority until it comes to the one that waits.
class Line final : public Handler {
 public:
  explicit Line(std::uint64_t waits_at) : waits_at_(waits_at) {}

  void run(Batch& batch, Settler& settler) noexcept override {
    while (Delivery* delivery = batch.next()) {
      begun_.fetch_add(1, std::memory_order_relaxed);
      if (number_of(*delivery) == waits_at_) {
        arrived_.store(true, std::memory_order_release);
        arrived_.notify_one();
        open_.wait(false, std::memory_order_acquire);
      }
      settler.done(*delivery);
    }
  }
  void await() const { arrived_.wait(false, std::memory_order_acquire); }
  void let_go() {
    open_.store(true, std::memory_order_release);
    open_.notify_one();
  }
  std::uint64_t begun() const { return begun_.load(std::memory_order_relaxed); }

 private:
  const std::uint64_t waits_at_;
  std::atomic<std::uint64_t> begun_{0};
  std::atomic<bool> arrived_{false};
  std::atomic<bool> open_{false};
};

/// Notes how many had begun before it.
class NotePosition final : public Handler {
 public:
  explicit NotePosition(const Line& line) : line_(line) {}
  void run(Batch& batch, Settler& settler) noexcept override {
    while (Delivery* delivery = batch.next()) {
      before_ = line_.begun();
      settler.done(*delivery);
    }
  }
  std::uint64_t before() const { return before_; }

 private:
  const Line& line_;
  std::uint64_t before_ = 0;
};

double position(std::uint64_t low, bool filed) {
  const std::uint64_t waits_at = low / 100;  // the executor has learnt by then what an event costs
  auto line = std::make_unique<Line>(waits_at);
  Line& waiting = *line;
  auto high = std::make_unique<NotePosition>(waiting);
  const NotePosition& noted = *high;
  Pipeline pipeline;
  QueueOptions& queue = pipeline.queue("low", std::move(line));
  queue.priority = 2;
  queue.capacity_events = static_cast<std::uint32_t>(low);
  pipeline.queue("high", std::move(high)).priority = 7;
  const auto engine = pipeline.started();
  Publisher publisher(*engine, "low");
  for (std::uint32_t i = 0; i < low; ++i) publisher.publish(i);
  waiting.await();
  while (filed && !engine->monitor().door.empty()) std::this_thread::yield();
  publisher.set_type("high");
  publisher.publish(0);
  waiting.let_go();
  finish(*engine, low + 1);
  return static_cast<double>(noted.before() - waits_at);
}

std::vector<Side> sides(std::uint64_t low) {
  return {
      [=](Report& report) { report.add("behind low ones", position(low, true)); },
      [=](Report& report) {
        report.add("behind low ones still at the door", position(low, false));
      },
  };
}

}  // namespace

int main(int argc, char** argv) { return take_turns(argc, argv, sides); }
