// Who gets how much of an executor's time when more work waits than it can do. Real threads, one
// executor, handlers that keep it busy for a stated time; what counts is the time between their
// first line and their last, for SIZE milliseconds. fairness_virtual.cpp asks the same of the state
// machine alone.
//
//   share 0 … 2   % of the time, queues of one priority with weights 1, 2, 4; their events take
//                 10 us, 1 ms, or one and the other in turn, and the queues take turns in that
//   lowest        % of the others' time, the lowest priority under an endless load of the highest
//   longest wait  % of max_wait, which is a tenth of the run: of events that come one at a time
//                 beside that load; min_share off

#include <array>
#include <chrono>
#include <numeric>
#include <thread>

#include "veltrix/base/pause.hpp"

#include "bench/numbered.hpp"
#include "bench/pipeline.hpp"

namespace {

using namespace veltrix;
using namespace veltrix::bench;

/// Time that one queue has used, up to `until`. Work that comes later costs nothing, so that a run
/// ends soon after its time and every event can be counted.
class Busy final : public Handler {
 public:
  Busy(std::vector<std::int64_t> costs, const std::int64_t& until)
      : costs_(std::move(costs)), until_(until) {}

  void run(Batch& batch, Settler& settler) noexcept override {
    while (Delivery* delivery = batch.next()) {
      const std::int64_t begin = steady_ns();
      longest_wait_ = std::max(longest_wait_, begin - delivery->slot->published_ns);
      if (begin < until_) {
        const std::int64_t end = begin + costs_[ran_++ % costs_.size()];
        while (steady_ns() < end) pause_core();
        used_ += static_cast<double>(steady_ns() - begin);
      }
      settler.done(*delivery);
    }
  }
  double used() const { return used_; }
  double longest_wait() const { return static_cast<double>(longest_wait_); }
  /// Events that take `ns` together.
  std::uint64_t worth(std::int64_t ns) const {
    const auto size = static_cast<std::int64_t>(costs_.size());
    const std::int64_t sum = std::accumulate(costs_.begin(), costs_.end(), std::int64_t{0});
    return static_cast<std::uint64_t>(ns * size / sum + 1);
  }

 private:
  const std::vector<std::int64_t> costs_;
  const std::int64_t& until_;
  std::uint64_t ran_ = 0;
  std::int64_t longest_wait_ = 0;
  double used_ = 0;
};

/// One executor with more to do than it can.
class Overload {
 public:
  /// A queue whose events take `costs` in turn.
  QueueOptions& queue(std::vector<std::int64_t> costs) {
    auto handler = std::make_unique<Busy>(std::move(costs), until_);
    handlers_.push_back(handler.get());
    QueueOptions& options = pipeline_.queue(kNames[handlers_.size() - 1], std::move(handler));
    options.order = Order::kNone;
    options.capacity_events = 16'000'000;
    options.capacity_bytes = std::uint64_t{1} << 33;
    return options;
  }
  EngineOptions& options() { return pipeline_.options.engine; }
  const Busy& operator[](std::size_t queue) const { return *handlers_[queue]; }

  /// The first `full` queues have work for all of the time; the next one gets 400 single events.
  void run(std::int64_t time, std::size_t full) {
    engine_ = pipeline_.engine();
    Publisher publisher(*engine_, kNames[0]);
    // A little for each in turn, so that none runs dry while another's events are at the door.
    for (std::int64_t filled = 0; filled < time; filled += kMillisecond) {
      for (std::size_t i = 0; i < full; ++i) {
        publish(publisher, i, handlers_[i]->worth(kMillisecond));
      }
    }
    until_ = steady_ns() + time;
    Pipeline::start(*engine_);
    while (steady_ns() < until_) {
      if (full < handlers_.size()) publish(publisher, full, 1);
      std::this_thread::sleep_for(std::chrono::nanoseconds(time / 400));
    }
    finish(*engine_, published_);
  }

 private:
  static constexpr std::array kNames{"a", "b", "c"};

  void publish(Publisher& publisher, std::size_t queue, std::uint64_t count) {
    publisher.set_type(kNames[queue]);
    for (std::uint64_t i = 0; i < count; ++i) publisher.publish(0);
    published_ += count;
  }

  Pipeline pipeline_;
  std::vector<const Busy*> handlers_;
  std::uint64_t published_ = 0;
  std::int64_t until_ = 0;
  std::unique_ptr<Engine> engine_;  // owns the handlers once it is made
};

void shares_by_weight(Report& report, std::int64_t time, std::size_t turn) {
  const std::array<std::vector<std::int64_t>, 3> costs{
      {{10 * kMicrosecond}, {kMillisecond}, {10 * kMicrosecond, kMillisecond}}};
  Overload overload;
  for (std::size_t i = 0; i < costs.size(); ++i) {
    overload.queue(costs[(i + turn) % costs.size()]).weight = 1U << i;
  }
  overload.run(time, costs.size());
  const double all = overload[0].used() + overload[1].used() + overload[2].used();
  for (std::size_t i = 0; i < costs.size(); ++i) {
    report.add("share " + std::to_string(i), 100 * overload[i].used() / all);
  }
}

void share_of_lowest(Report& report, std::int64_t time) {
  Overload overload;
  overload.queue({100 * kMicrosecond}).priority = kPriorities - 1;
  overload.queue({100 * kMicrosecond}).priority = 0;
  overload.run(time, 2);
  report.add("lowest", 100 * overload[1].used() / overload[0].used());
}

void wait_of_lowest(Report& report, std::int64_t time) {
  Overload overload;
  overload.options().min_share = 0;
  overload.queue({100 * kMicrosecond}).priority = kPriorities - 1;
  QueueOptions& low = overload.queue({100 * kMicrosecond});
  low.priority = 0;
  const std::int64_t max_wait = low.max_wait = time / 10;
  overload.run(time, 1);
  report.add("longest wait", 100 * overload[1].longest_wait() / static_cast<double>(max_wait));
}

std::vector<Side> sides(std::uint64_t milliseconds) {
  const std::int64_t time = static_cast<std::int64_t>(milliseconds) * kMillisecond;
  const auto turn = std::make_shared<std::size_t>(0);
  return {
      [=](Report& r) { shares_by_weight(r, time, (*turn)++); },
      [=](Report& r) { share_of_lowest(r, time); },
      [=](Report& r) { wait_of_lowest(r, time); },
  };
}

}  // namespace

int main(int argc, char** argv) { return take_turns(argc, argv, sides); }
