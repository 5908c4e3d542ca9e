// What fairness_threads.cpp measures, asked of the state machine alone: every queue has work all
// the time, one executor, handlers take virtual time. No machine is in the way and nothing is
// random but the costs, which come from a seed; a round is another seed. SIZE: milliseconds of
// virtual time.
//
//   share 0 … 2   % of the time, queues of one priority with weights 1, 2, 4; their events take
//                 10 us, 1 ms, or something between, and the queues take turns in that
//   lowest        % of the others' time, the lowest priority beside the highest
//   longest wait  % of max_wait, which is a tenth of the run: of events that come one at a time
//                 beside that load; min_share off

#include <array>

#include "bench/report.hpp"
#include "simulation/saturated.hpp"

namespace {

using namespace veltrix;
using namespace veltrix::bench;
using veltrix::simulation::Load;
using veltrix::simulation::Saturated;

Load load_of(std::int64_t fastest, std::int64_t slowest, int priority = kDefaultPriority) {
  Load load;
  load.options.order = Order::kNone;
  load.options.priority = static_cast<std::uint8_t>(priority);
  load.fastest = fastest;
  load.slowest = slowest;
  return load;
}

void run(Saturated& world, std::int64_t time) { world.run(kSecond + time, UINT64_MAX); }

void shares_by_weight(Report& report, std::uint64_t seed, std::int64_t time) {
  const std::array<std::array<std::int64_t, 2>, 3> costs{{{10 * kMicrosecond, 10 * kMicrosecond},
                                                          {kMillisecond, kMillisecond},
                                                          {10 * kMicrosecond, kMillisecond}}};
  std::vector<Load> loads;
  for (std::size_t i = 0; i < costs.size(); ++i) {
    const auto& [fastest, slowest] = costs[(i + seed) % costs.size()];
    loads.push_back(load_of(fastest, slowest));
    loads.back().options.weight = 1U << i;
  }
  Saturated world(seed, {}, loads, 1);
  run(world, time);
  for (std::uint16_t i = 0; i < costs.size(); ++i) {
    report.add("share " + std::to_string(i), 100 * world.used_by(i) / world.used());
  }
}

void share_of_lowest(Report& report, std::uint64_t seed, std::int64_t time) {
  const Load high = load_of(100 * kMicrosecond, 100 * kMicrosecond, kPriorities - 1);
  const Load low = load_of(100 * kMicrosecond, 100 * kMicrosecond, 0);
  Saturated world(seed, {}, {high, low}, 1);
  run(world, time);
  report.add("lowest", 100 * world.used_by(1) / world.used_by(0));
}

void wait_of_lowest(Report& report, std::uint64_t seed, std::int64_t time) {
  const Load high = load_of(100 * kMicrosecond, 100 * kMicrosecond, kPriorities - 1);
  Load low = load_of(100 * kMicrosecond, 100 * kMicrosecond, 0);
  low.options.max_wait = time / 10;
  low.one_every = time / 400;
  DispatchOptions options;
  options.min_share = 0;
  Saturated world(seed, options, {high, low}, 1);
  run(world, time);
  report.add("longest wait", 100.0 * static_cast<double>(world.longest_wait(1)) /
                                 static_cast<double>(low.options.max_wait));
}

std::vector<Side> sides(std::uint64_t milliseconds) {
  const std::int64_t time = static_cast<std::int64_t>(milliseconds) * kMillisecond;
  const auto seed = std::make_shared<std::uint64_t>(0);
  return {[=](Report& report) {
    ++*seed;
    shares_by_weight(report, *seed, time);
    share_of_lowest(report, *seed, time);
    wait_of_lowest(report, *seed, time);
  }};
}

}  // namespace

int main(int argc, char** argv) { return take_turns(argc, argv, sides); }
