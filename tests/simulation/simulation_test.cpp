// VX_SEED=n replays one seed; VX_SEEDS=n says how many run (500).

#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

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

/// A run that never meets what it is meant to try proves nothing.
void expect_seen(const Sights& seen) {
  for (std::size_t i = 0; i < kSights; ++i) {
    EXPECT_GT(seen.times[i], 0U) << "no run came by this: " << kSightNames[i];
  }
}

void print_counts(const char* title, std::span<const char* const> names,
                  std::span<const std::uint64_t> counts) {
  std::string text = title;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += (i == 0 ? " " : ", ") + std::string(names[i]) + " " + std::to_string(counts[i]);
  }
  std::printf("%s\n", text.c_str());
}

void print_summary(std::uint64_t seeds, std::uint64_t events, const Sights& seen) {
  std::printf("%s\n", pairs("seeds", seeds, "events", events).c_str());
  print_counts("checked:", kInvariantNames, times_checked);
  print_counts("met:", kSightNames, seen.times);
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
  std::uint64_t events = 0, failures = 0;
  for (std::uint64_t seed = 1; seed <= seeds && failures < 3; ++seed) {
    const Verdict verdict = run_seed(seed);
    if (!verdict.invariant.empty()) {
      ++failures;
      ADD_FAILURE() << say(seed, verdict);
    }
    seen.add(verdict.sights);
    events += verdict.events;
  }
  print_summary(seeds, events, seen);
  if (seeds >= 200 && failures == 0) expect_seen(seen);
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
