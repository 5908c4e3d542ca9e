#include "veltrix/dispatch/fates.hpp"

#include <gtest/gtest.h>

namespace veltrix {
namespace {

TEST(Fates, TellsEachDeliveryOfAnEvent) {
  Fates fates(100);
  fates.open(7);
  EXPECT_EQ(fates.find(7, 0), DeliveryState::kNew);
  fates.note(7, 0, DeliveryState::kDropped);
  fates.note(7, 2, DeliveryState::kDone);
  fates.note(7, 31, DeliveryState::kDead);
  EXPECT_EQ(fates.find(7, 0), DeliveryState::kDropped);
  EXPECT_EQ(fates.find(7, 1), DeliveryState::kNew);
  EXPECT_EQ(fates.find(7, 2), DeliveryState::kDone);
  EXPECT_EQ(fates.find(7, 31), DeliveryState::kDead);
  EXPECT_EQ(fates.find(7, 32), std::nullopt);
}

TEST(Fates, ForgetsWhatIsTooLongAgo) {
  Fates fates(3);  // rounded up to 4
  for (std::uint64_t sequence = 1; sequence <= 5; ++sequence) {
    fates.open(sequence);
    fates.note(sequence, 0, DeliveryState::kDone);
  }
  EXPECT_EQ(fates.find(1, 0), std::nullopt);
  EXPECT_EQ(fates.find(2, 0), DeliveryState::kDone);
  EXPECT_EQ(fates.find(6, 0), std::nullopt);  // not there yet
  fates.note(1, 0, DeliveryState::kDead);     // nobody asks any more
  EXPECT_EQ(fates.find(5, 0), DeliveryState::kDone);
}

TEST(Fates, KeepsNothingWhenOff) {
  Fates fates(0);
  fates.open(1);
  EXPECT_EQ(fates.find(1, 0), std::nullopt);
}

}  // namespace
}  // namespace veltrix
