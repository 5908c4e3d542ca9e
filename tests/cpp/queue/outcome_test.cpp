#include "veltrix/queue/outcome.hpp"

#include <gtest/gtest.h>

namespace veltrix {
namespace {

TEST(Outcome, DoneOwnsNothing) {
  const Outcome outcome = Outcome::done();
  EXPECT_EQ(outcome.kind, OutcomeKind::kDone);
  EXPECT_EQ(outcome.failure, nullptr);
  EXPECT_EQ(outcome.follow_ups, nullptr);
  EXPECT_EQ(outcome.retry_after, -1);
}

TEST(Outcome, FailureCarriesCodeAndText) {
  const Outcome outcome = Outcome::failed(OutcomeKind::kRetry, "ValueError", "not a number: 'x'");
  EXPECT_EQ(outcome.kind, OutcomeKind::kRetry);
  ASSERT_NE(outcome.failure, nullptr);
  EXPECT_EQ(outcome.failure->code, "ValueError");
  EXPECT_EQ(outcome.failure->text, "not a number: 'x'");
}

}  // namespace
}  // namespace veltrix
