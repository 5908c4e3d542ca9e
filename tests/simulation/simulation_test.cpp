// VX_SEED=n replays one seed; VX_SEEDS=n says how many run (500).

#include <cstdio>
#include <cstdlib>

#include <gtest/gtest.h>

#include "simulation/invariant.hpp"
#include "simulation/world.hpp"

namespace veltrix::simulation {
namespace {

std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr && *text != '\0' ? std::strtoull(text, nullptr, 10) : otherwise;
}

Verdict run_seed(std::uint64_t seed) { return World(Scenario(seed)).run(); }

std::string say(std::uint64_t seed, const Verdict& verdict) {
  char trace[32];
  std::snprintf(trace, sizeof trace, "%016llx", static_cast<unsigned long long>(verdict.trace));
  std::string text = "seed " + std::to_string(seed) + ", trace " + trace + ": ";
  if (verdict.invariant.empty()) {
    return text + std::to_string(verdict.steps) + " steps, " + std::to_string(verdict.events) +
           " events, all invariants hold";
  }
  return text + "invariant " + verdict.invariant + " is broken at " + verdict.what +
         "\n  replay: VX_SEED=" + std::to_string(seed);
}

void add(Sights& sum, const Sights& one) {
  sum.picks += one.picks;
  sum.overdue += one.overdue;
  sum.min_share += one.min_share;
  sum.highest += one.highest;
  sum.lifted += one.lifted;
  sum.parked += one.parked;
  sum.overflowed += one.overflowed;
  sum.late += one.late;
  sum.returned += one.returned;
  sum.refused += one.refused;
  sum.too_many_hops += one.too_many_hops;
}

/// A run that never meets what it is meant to try proves nothing.
void expect_seen(const Sights& seen, std::uint64_t held, std::uint64_t duplicates) {
  EXPECT_GT(seen.overdue, 0U);
  EXPECT_GT(seen.min_share, 0U);
  EXPECT_GT(seen.highest, 0U);
  EXPECT_GT(seen.lifted, 0U);
  EXPECT_GT(seen.parked, 0U);
  EXPECT_GT(seen.overflowed, 0U);
  EXPECT_GT(seen.late, 0U);
  EXPECT_GT(seen.returned, 0U);
  EXPECT_GT(seen.refused, 0U);
  EXPECT_GT(seen.too_many_hops, 0U);
  EXPECT_GT(held, 0U);
  EXPECT_GT(duplicates, 0U);
}

void print_summary(std::uint64_t seeds, std::uint64_t events, const Sights& seen,
                   std::uint64_t held) {
  const std::string text =
      pairs("seeds", seeds, "events", events) + " " +
      pairs("picks", seen.picks, "overdue", seen.overdue, "min_share", seen.min_share, "held",
            held) +
      " " +
      pairs("lifted", seen.lifted, "parked", seen.parked, "overflowed", seen.overflowed, "returned",
            seen.returned, "refused", seen.refused, "late", seen.late, "hops", seen.too_many_hops);
  std::printf("%s\n", text.c_str());
}

TEST(Simulation, HoldsItsInvariantsUnderFaults) {
  if (const std::uint64_t seed = number_from("VX_SEED", 0); seed != 0) {
    const Verdict verdict = run_seed(seed);
    std::printf("%s\n", say(seed, verdict).c_str());
    EXPECT_TRUE(verdict.invariant.empty());
    return;
  }
  const std::uint64_t seeds = number_from("VX_SEEDS", 500);
  Sights seen;
  std::uint64_t events = 0, held = 0, duplicates = 0, failures = 0;
  for (std::uint64_t seed = 1; seed <= seeds && failures < 3; ++seed) {
    const Verdict verdict = run_seed(seed);
    if (!verdict.invariant.empty()) {
      ++failures;
      ADD_FAILURE() << say(seed, verdict);
    }
    add(seen, verdict.sights);
    events += verdict.events;
    held += verdict.held;
    duplicates += verdict.tally.duplicate;
  }
  print_summary(seeds, events, seen, held);
  if (seeds >= 200 && failures == 0) expect_seen(seen, held, duplicates);
}

TEST(Simulation, RepeatsASeedToTheSameEvent) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Verdict first = run_seed(seed);
    const Verdict second = run_seed(seed);
    EXPECT_EQ(first.trace, second.trace) << "seed " << seed;
    EXPECT_EQ(first.steps, second.steps) << "seed " << seed;
  }
  EXPECT_NE(run_seed(1).trace, run_seed(2).trace);
}

}  // namespace
}  // namespace veltrix::simulation
