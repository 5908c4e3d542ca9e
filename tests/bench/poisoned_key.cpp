// One key of 1,000 fails at every attempt: how many events of the others still go through, against
// the same events when that key succeeds, and whether memory stays flat. Its events retry, die, or,
// once its line is full, become dead letters at the door; the queue must not fill up with them.
// SIZE: events.

#include <fstream>
#include <thread>

#include <unistd.h>

#include "bench/numbered.hpp"
#include "bench/pipeline.hpp"
#include "bench/raw_queue.hpp"

namespace {

using namespace veltrix;
using namespace veltrix::bench;

constexpr std::uint32_t kKeys = 1'000;
constexpr std::uint32_t kPoisoned = 0;
constexpr std::size_t kFilled = 99'000;  // of the queue's capacity of 100,000

class Work final : public Handler {
 public:
  Work(const Keys& keys, bool poisoned) : keys_(keys), poisoned_(poisoned), order_(kKeys) {}

  void run(Batch& batch, Settler& settler) noexcept override {
    std::uint64_t others = 0;
    while (Delivery* delivery = batch.next()) {
      const std::uint32_t number = number_of(*delivery);
      const std::uint32_t key = keys_[number];
      if (key == kPoisoned && poisoned_) {
        failed_.fetch_add(1, std::memory_order_relaxed);
        settler.settle(*delivery, Outcome::failed(OutcomeKind::kRetry, "poisoned", "as always"));
        continue;
      }
      order_.saw(key, number);
      if (key != kPoisoned) ++others;
      settler.done(*delivery);
    }
    others_.fetch_add(others, std::memory_order_relaxed);
  }

  void await_others(std::uint64_t count) const {
    while (others_.load(std::memory_order_relaxed) < count) std::this_thread::yield();
  }
  void check() const {
    order_.check();
    require(poisoned_ == (failed_.load() > 0), "the poisoned key did not fail");
  }

 private:
  const Keys& keys_;
  const bool poisoned_;
  KeyOrder order_;
  std::atomic<std::uint64_t> others_{0};
  std::atomic<std::uint64_t> failed_{0};
};

/// Resident memory of this process, in MB.
double resident() {
  std::uint64_t all = 0;
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> all >> pages;
  return static_cast<double>(pages) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

void set_bounds(Pipeline& pipeline, QueueOptions& queue) {
  queue.capacity_per_key = 1'000;
  queue.retry.backoff = kMillisecond;
  queue.retry.max_backoff = 10 * kMillisecond;
  pipeline.options.engine.dead_letter_events = 1'000;
}

/// Whatever became of the poisoned key: nothing else was lost, and nothing is unaccounted for.
void check_ledger(Engine& engine, std::uint64_t count, std::uint64_t done) {
  QueueStatistics queue;
  do {  // until the last batch is settled and the door is empty
    queue = engine.statistics().queues.front();
  } while (queue.done < done || engine.statistics().in_door != 0);
  queue = engine.statistics().queues.front();
  require(queue.accepted == count, std::to_string(queue.accepted) + " events were accepted");
  require(queue.done == done, std::to_string(queue.done) + " events were handled");
  require(queue.accepted == queue.done + queue.dead + queue.in_flight, "the ledger is wrong");
}

void run(Report& report, const std::string& side, const Keys& keys, bool poisoned) {
  const auto others =
      keys.size() - static_cast<std::size_t>(std::count(keys.begin(), keys.end(), kPoisoned));
  Pipeline pipeline;
  auto handler = std::make_unique<Work>(keys, poisoned);
  const Work& work = *handler;
  set_bounds(pipeline, pipeline.queue("order", std::move(handler)));
  const auto engine = pipeline.engine();
  Publisher publisher(*engine, "order");
  const auto publish = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      publisher.set_key(keys[i]);
      publisher.publish(static_cast<std::uint32_t>(i));
    }
  };
  // The queue is filled once first, so that the memory of a full queue is no growth later.
  const std::size_t quarter = keys.size() / 4;
  const std::size_t waiting = std::min<std::size_t>(quarter, kFilled);
  publish(0, waiting);
  Pipeline::start(*engine);
  const std::int64_t begin = steady_ns();
  publish(waiting, quarter);
  const double early = resident();
  publish(quarter, keys.size());
  work.await_others(others);
  report.add(side, per_second(others - waiting, begin));
  report.add(side + ", MB at a quarter", early);
  report.add(side + ", MB at the end", resident());
  if (!poisoned) engine->drain(-1);
  check_ledger(*engine, keys.size(), poisoned ? others : keys.size());
  if (auto stopped = engine->stop(0); !stopped) give_up(stopped.error().message);
  work.check();
}

std::vector<Side> sides(std::uint64_t count) {
  auto drawn = uniform_keys(count, kKeys);
  drawn.front() = kPoisoned;
  const auto keys = std::make_shared<Keys>(std::move(drawn));
  return {
      [=](Report& r) { run(r, "healthy", *keys, false); },
      [=](Report& r) { run(r, "poisoned", *keys, true); },
  };
}

}  // namespace

int main(int argc, char** argv) { return take_turns(argc, argv, sides); }
