// VX_SEED=n replays one seed; VX_SEEDS=n says how many run (500).

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
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
    EXPECT_GT(seen.times[i], 0U) << "no run came by this: " << kSightTexts[i].name;
  }
}

void print_summary(std::uint64_t seeds, std::uint64_t events, const Sights& seen) {
  std::printf("%s\n", pairs("seeds", seeds, "events", events).c_str());
  for (std::size_t i = 0; i < times_checked.size(); ++i) {
    if (times_checked[i] == 0) continue;
    std::printf("  checked %-17s %12" PRIu64 "\n", kInvariantNames[i], times_checked[i]);
  }
  for (const SightText& text : kSightTexts) {
    std::printf("  met     %-17s %12" PRIu64 "  %s\n", text.name, seen[text.sight], text.what);
  }
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
  if (seeds >= 500 && failures == 0) expect_seen(seen);
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
