#include "veltrix/dispatch/commit_stage.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace veltrix {
namespace {

class Said final : public CommitSink {
 public:
  void committed(std::span<Slot* const> slots, std::int64_t now) override {
    all.assign(slots.begin(), slots.end());
    at = now;
  }
  void refused(std::span<Slot* const>, std::int64_t) override { ADD_FAILURE() << "refused"; }
  std::vector<Slot*> all;
  std::int64_t at = 0;
};

TEST(NullCommitStage, CommitsAtOnceAndKeepsNothing) {
  NullCommitStage stage;
  Slot first, second;
  std::vector<Slot*> slots{&first, &second};
  Said said;
  stage.append(slots, 17, said);
  EXPECT_EQ(said.all, slots);
  EXPECT_EQ(said.at, 17);
  EXPECT_EQ(stage.pending(), 0U);
  said.all.clear();
  stage.poll(18, said);
  EXPECT_TRUE(said.all.empty());
}

}  // namespace
}  // namespace veltrix
