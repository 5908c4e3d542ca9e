// What a publisher pays to take room in a queue, at one producer and at two: against an empty loop
// and against one fetch_add on a word that all of them share. `take` is what a publish does, with
// the producer's lease; `take, near full` goes to the queue's budget each time. Room is given back
// in runs of 256, as an executor does. SIZE: takes per producer.

#include <atomic>
#include <barrier>
#include <thread>

#include "veltrix/base/clock.hpp"
#include "veltrix/queue/lease.hpp"

#include "bench/report.hpp"

namespace {

using namespace veltrix;
using namespace veltrix::bench;

constexpr std::uint64_t kRun = 256;
constexpr std::uint64_t kSlotBytes = 256;

/// Each producer, with a lease of its own, calls step(i, lease) `count` times, all at the same
/// time: the mean of their ns per step.
template <class Step>
double ns_per_step(int producers, std::uint64_t count, const Step& step) {
  std::barrier ready(producers);
  std::atomic<std::int64_t> spent{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < producers; ++i) {
    threads.emplace_back([&] {
      ready.arrive_and_wait();
      const std::int64_t begin = steady_ns();
      Lease lease;
      for (std::uint64_t at = 0; at < count; ++at) step(at, lease);
      spent.fetch_add(steady_ns() - begin, std::memory_order_relaxed);
    });
  }
  for (std::thread& thread : threads) thread.join();
  return static_cast<double>(spent.load()) / static_cast<double>(count) / producers;
}

double empty_loop(int producers, std::uint64_t count) {
  // The compiler must believe that each step does something.
  return ns_per_step(producers, count, [](std::uint64_t, Lease&) {
    asm volatile("" ::: "memory");
  });
}

double fetch_add(int producers, std::uint64_t count) {
  alignas(64) std::atomic<std::uint64_t> word{0};
  const auto step = [&](std::uint64_t, Lease&) { word.fetch_add(1, std::memory_order_relaxed); };
  const double result = ns_per_step(producers, count, step);
  require(word.load() == count * static_cast<std::uint64_t>(producers), "additions were lost");
  return result;
}

double take(int producers, std::uint64_t count, bool near_full) {
  Budget budget(16'000'000, std::uint64_t{1} << 36);
  const std::uint64_t filled = near_full ? budget.max_events() / 8 * 7 : 0;
  for (std::uint64_t i = 0; i < filled; ++i) budget.force(0);
  std::atomic<std::uint64_t> refused{0};
  const auto step = [&](std::uint64_t at, Lease& lease) {
    if (!lease.take(budget, kSlotBytes)) refused.fetch_add(1, std::memory_order_relaxed);
    if (at % kRun == kRun - 1) budget.give_back(kRun, kRun * kSlotBytes);
    if (at + 1 == count) lease.end(budget);
  };
  const double result = ns_per_step(producers, count, step);
  require(refused.load() == 0, "room was refused although there was some");
  const std::uint64_t left = count % kRun * static_cast<std::uint64_t>(producers);
  require(budget.used_events() == filled + left && budget.used_bytes() == left * kSlotBytes,
          "what was taken and what was given back differ");
  return result;
}

std::vector<Side> sides(std::uint64_t count) {
  std::vector<Side> all;
  for (const int producers : {1, 2}) {
    const std::string of = ", producers: " + std::to_string(producers);
    all.push_back([=](Report& r) { r.add("empty loop" + of, empty_loop(producers, count)); });
    all.push_back([=](Report& r) { r.add("fetch_add" + of, fetch_add(producers, count)); });
    all.push_back([=](Report& r) { r.add("take" + of, take(producers, count, false)); });
    all.push_back([=](Report& r) { r.add("take, near full" + of, take(producers, count, true)); });
  }
  return all;
}

}  // namespace

int main(int argc, char** argv) { return take_turns(argc, argv, sides); }
