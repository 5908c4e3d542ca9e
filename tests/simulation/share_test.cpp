// lowest_share: who gets how much when everything is saturated. VX_SEED and VX_SEEDS as in
// simulation_test.cpp; a tenth of the seeds run here.

#include <algorithm>
#include <cstdlib>
#include <set>

#include <gtest/gtest.h>

#include "simulation/invariant.hpp"
#include "simulation/saturated.hpp"

namespace veltrix::simulation {
namespace {

constexpr std::int64_t kYear = 365 * 86'400 * kSecond;

struct Seeds {
  std::uint64_t first = 1;
  std::uint64_t last = 50;
};

Seeds seeds() {
  if (const char* one = std::getenv("VX_SEED"); one != nullptr && *one != '\0') {
    const std::uint64_t seed = std::strtoull(one, nullptr, 10);
    return {seed, seed};
  }
  const char* many = std::getenv("VX_SEEDS");
  if (many == nullptr || *many == '\0') return {};
  return {1, std::max<std::uint64_t>(1, std::strtoull(many, nullptr, 10) / 10)};
}

Load draw_load(Dice& dice, int priority, std::int64_t max_wait) {
  Load load;
  load.options.priority = static_cast<std::uint8_t>(priority);
  load.options.order = dice.one_of({Order::kKey, Order::kNone, Order::kTotal});
  load.options.concurrency = dice.one_of({1U, 2U});
  load.options.weight = dice.one_of({1U, 10U});
  load.options.capacity_per_key = 1'000;
  load.options.max_wait = max_wait;
  load.fastest = dice.spread(50 * kMicrosecond, 200 * kMillisecond);
  load.slowest = load.fastest * dice.between(1, 3);
  load.keys = dice.one_of<std::uint64_t>({1, 8});
  return load;
}

std::vector<Load> draw_loads(Dice& dice, const std::set<int>& classes, std::int64_t max_wait) {
  std::vector<Load> loads;
  for (const int priority : classes) {
    for (std::uint64_t i = 0; i <= dice.below(2); ++i) {
      loads.push_back(draw_load(dice, priority, max_wait));
    }
  }
  return loads;
}

std::set<int> draw_classes(Dice& dice) {
  std::set<int> classes;
  const std::size_t count = 2 + dice.below(3);
  while (classes.size() < count) classes.insert(static_cast<int>(dice.below(kPriorities)));
  return classes;
}

/// What every class is owed, up to what one batch on every slot can still owe it.
void expect_shares(const Saturated& world, const std::set<int>& classes, double share,
                   std::uint32_t slots) {
  const auto longest = static_cast<double>(world.longest_batch());
  for (const int priority : classes) {
    const double others = world.used() - world.used(priority);
    const auto own = static_cast<double>(world.longest_batch(priority));
    const double owed = share * others - own - 2 * share * slots * longest;
    EXPECT_GE(world.used(priority), owed)
        << "invariant " << name_of(kLowestShare) << " is broken: priority " << priority << " got "
        << world.used(priority) / world.used() << " of the time";
  }
}

TEST(Share, GivesEveryPriorityItsMinimum) {
  for (std::uint64_t seed = seeds().first; seed <= seeds().last; ++seed) {
    SCOPED_TRACE("replay: VX_SEED=" + std::to_string(seed));
    Dice dice(seed);
    const auto slots = static_cast<std::uint32_t>(dice.between(1, 3));
    const std::set<int> classes = draw_classes(dice);
    DispatchOptions options;
    options.min_share = dice.one_of({0.01, 0.05});
    const std::int64_t max_wait = dice.one_of({kYear, kSecond, 20 * kMillisecond});
    if (dice.chance(0.3)) options.overdue_share = 0.001;
    Saturated world(seed, options, draw_loads(dice, classes, max_wait), slots);
    world.run(3'600 * kSecond, 20'000);
    expect_shares(world, classes, options.min_share, slots);
    EXPECT_LE(world.overdue_excess(), static_cast<double>(options.overdue_burst * slots) +
                                          static_cast<double>(slots * world.longest_batch()))
        << "invariant " << name_of(kLowestShare) << " is broken: overdue work got too much";
    if (testing::Test::HasFailure()) return;
  }
}

/// Little work of low priority, min_share off: only the bound on waiting helps it.
TEST(Share, PicksWhatWaitedTooLongWhenAnExecutorIsFree) {
  for (std::uint64_t seed = seeds().first; seed <= seeds().last; ++seed) {
    SCOPED_TRACE("replay: VX_SEED=" + std::to_string(seed));
    Dice dice(seed);
    DispatchOptions options;
    options.min_share = 0;
    Load busy = draw_load(dice, 9, kYear);
    busy.options.order = Order::kNone;  // takes every executor
    busy.options.concurrency = 4;
    Load rare = draw_load(dice, 0, dice.spread(kMillisecond, 300 * kMillisecond));
    rare.options.order = Order::kNone;  // a key's next event begins to wait when it is ready
    rare.fastest = rare.slowest = dice.spread(10 * kMicrosecond, kMillisecond);
    rare.one_every = 3 * busy.slowest + 20 * rare.slowest + kMillisecond;
    const auto slots = static_cast<std::uint32_t>(dice.between(1, 3));
    Saturated world(seed, options, {busy, rare}, slots);
    world.run(kSecond + 4 * rare.options.max_wait + 20 * rare.one_every, 1'000'000);
    const std::int64_t bound = rare.options.max_wait + 2 * world.longest_batch() + rare.slowest;
    EXPECT_LE(world.longest_wait(1), bound)
        << "invariant " << name_of(kLowestShare) << " is broken";
    EXPECT_GT(world.overdue_picks(), 0U);
    if (testing::Test::HasFailure()) return;
  }
}

/// The measure itself: a policy that promises nothing to the lowest class gives it nothing.
TEST(Share, LetsTheLowestStarveWhenThePolicyIsStrict) {
  DispatchOptions options;
  options.policy = Policy::kStrict;
  Load high;
  high.options.priority = 9;
  high.fastest = high.slowest = kMillisecond;
  Load low = high;
  low.options.priority = 0;
  Saturated world(1, options, {high, low}, 1);
  world.run(3'600 * kSecond, 2'000);
  EXPECT_EQ(world.used(0), 0);
  EXPECT_GT(world.used(9), 0);
}

}  // namespace
}  // namespace veltrix::simulation
