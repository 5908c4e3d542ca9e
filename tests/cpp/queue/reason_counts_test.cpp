#include "veltrix/queue/reason_counts.hpp"

#include <numeric>

#include <gtest/gtest.h>

namespace veltrix {
namespace {

TEST(ReasonCounts, CountEachReasonApart) {
  ReasonCounts counts;
  ++counts["odd"];
  ++counts["odd"];
  ++counts["even"];
  EXPECT_EQ(counts.all(), (ReasonCounts::Map{{"even", 1}, {"odd", 2}}));
}

TEST(ReasonCounts, CountNewReasonsTogetherWhenThereAreTooMany) {
  ReasonCounts counts;
  constexpr std::size_t kReasons = 3 * kMaxReasons;
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < kReasons; ++i) ++counts["reason " + std::to_string(i)];
  }
  EXPECT_EQ(counts.all().size(), kMaxReasons + 1);
  EXPECT_EQ(counts.at("reason 0"), 2U);
  EXPECT_EQ(counts.at("other"), 2 * (kReasons - kMaxReasons));
  const std::uint64_t sum = std::accumulate(
      counts.begin(), counts.end(), std::uint64_t{0},
      [](std::uint64_t so_far, const auto& entry) { return so_far + entry.second; });
  EXPECT_EQ(sum, 2 * kReasons) << "nothing is lost";
  ++counts["expired"];  // of the engine: told by its name all the same
  EXPECT_EQ(counts.at("expired"), 1U);
}

}  // namespace
}  // namespace veltrix
