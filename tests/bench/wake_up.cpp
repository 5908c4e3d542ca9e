// How long an idle engine takes from publish() to the first line of its handler, against threads
// that do nothing but hand over: a futex wake for an executor that sleeps (an event every 200 us or
// so), a flag in memory for one that still spins (every 5 us). The same pattern on both sides: the
// publisher stays awake, sends when the pause is over, and begins the next pause when its event has
// arrived. SIZE: events.

#include <thread>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "veltrix/base/pause.hpp"

#include "bench/numbered.hpp"
#include "bench/pipeline.hpp"

namespace {

using namespace veltrix;
using namespace veltrix::bench;

/// One event at a time is on its way: when it was sent, and how long each took.
class HandOvers {
 public:
  explicit HandOvers(std::uint64_t count) : count_(count) { took_.reserve(count); }

  /// The receiver's first line.
  void arrived() noexcept {
    took_.push_back(steady_ns() - sent_.load(std::memory_order_relaxed));
    arrived_.store(took_.size(), std::memory_order_release);
  }

  template <class HandOver>
  void send_all(std::int64_t pause, const HandOver& hand_over) {
    for (std::uint64_t i = 0; i < count_; ++i) {
      const std::int64_t due = steady_ns() + pause;
      while (steady_ns() < due) pause_core();
      sent_.store(steady_ns(), std::memory_order_relaxed);
      hand_over();
      while (arrived_.load(std::memory_order_acquire) <= i) pause_core();
    }
  }

  void report(Report& report, const std::string& side) {
    std::sort(took_.begin(), took_.end());
    const auto microseconds = [&](std::size_t at) { return static_cast<double>(took_[at]) / 1e3; };
    report.add(side + ", p50", microseconds(took_.size() / 2));
    report.add(side + ", p99", microseconds(took_.size() * 99 / 100));
  }

 private:
  const std::uint64_t count_;
  std::atomic<std::int64_t> sent_{0};
  std::atomic<std::uint64_t> arrived_{0};
  std::vector<std::int64_t> took_;  // the receiver's while it runs
};

class Arrive final : public Handler {
 public:
  explicit Arrive(HandOvers& hand_overs) : hand_overs_(hand_overs) {}
  void run(Batch& batch, Settler& settler) noexcept override {
    while (Delivery* delivery = batch.next()) {
      hand_overs_.arrived();
      settler.done(*delivery);
    }
  }

 private:
  HandOvers& hand_overs_;
};

struct Pace {
  std::string engine;  // name of its side
  std::int64_t pause;
};
const Pace kParked{"engine, parked", 200 * kMicrosecond};
const Pace kSpinning{"engine, spinning", 5 * kMicrosecond};  // an executor spins for 20

void through_engine(Report& report, std::uint64_t count, const Pace& pace) {
  HandOvers hand_overs(count);
  Pipeline pipeline;
  pipeline.queue("tick", std::make_unique<Arrive>(hand_overs));
  const auto engine = pipeline.started();
  Publisher publisher(*engine, "tick");
  std::uint64_t asleep = 0;
  hand_overs.send_all(pace.pause, [&] {
    asleep += engine->monitor().any_idle(kNativePool) ? 1 : 0;
    publisher.publish(0);
  });
  finish(*engine, count);
  hand_overs.report(report, pace.engine);
  report.add(pace.engine + ", asleep", static_cast<double>(asleep) / static_cast<double>(count));
}

/// The word is 1 while something waits to be taken. `sleep` waits while it is 0.
template <class Sleep, class Wake>
void through_word(HandOvers& hand_overs, std::uint64_t count, std::int64_t pause,
                  const Sleep& sleep, const Wake& wake) {
  std::atomic<std::uint32_t> word{0};
  std::thread receiver([&] {
    for (std::uint64_t i = 0; i < count; ++i) {
      while (word.load(std::memory_order_acquire) == 0) sleep(word);
      word.store(0, std::memory_order_relaxed);
      hand_overs.arrived();
    }
  });
  hand_overs.send_all(pause, [&] {
    word.store(1, std::memory_order_release);
    wake(word);
  });
  receiver.join();
}

using Word = std::atomic<std::uint32_t>;

void bare_futex(Report& report, std::uint64_t count) {
  HandOvers hand_overs(count);
  through_word(
      hand_overs, count, kParked.pause,
      [](Word& word) { syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, nullptr, nullptr, 0); },
      [](Word& word) { syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0); });
  hand_overs.report(report, "futex wake");
}

void bare_flag(Report& report, std::uint64_t count) {
  HandOvers hand_overs(count);
  through_word(
      hand_overs, count, kSpinning.pause, [](Word&) { pause_core(); }, [](Word&) {});
  hand_overs.report(report, "flag in memory");
}

std::vector<Side> sides(std::uint64_t count) {
  return {
      [=](Report& r) { bare_futex(r, count); },
      [=](Report& r) { through_engine(r, count, kParked); },
      [=](Report& r) { bare_flag(r, count); },
      [=](Report& r) { through_engine(r, count, kSpinning); },
  };
}

}  // namespace

int main(int argc, char** argv) { return take_turns(argc, argv, sides); }
