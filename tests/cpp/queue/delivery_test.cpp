#include "veltrix/queue/delivery.hpp"

#include <gtest/gtest.h>

#include "cpp/queue/deliveries.hpp"

namespace veltrix {
namespace {

TEST(Delivery, BeginsNewAndWithoutKeyOrId) {
  Deliveries deliveries;
  const Delivery& delivery = deliveries.add(1);
  EXPECT_TRUE(delivery.key.empty());
  EXPECT_TRUE(delivery.id_hash.empty());
  EXPECT_EQ(delivery.state.load(), DeliveryState::kNew);
  EXPECT_EQ(delivery.attempt, 0);
  EXPECT_FALSE(delivery.filed);
  EXPECT_EQ(&first_delivery(*delivery.slot), &delivery);
}

TEST(Delivery, IsTerminalInTheLastThreeStates) {
  const std::pair<DeliveryState, bool> states[] = {
      {DeliveryState::kNew, false},     {DeliveryState::kWaiting, false},
      {DeliveryState::kRunning, false}, {DeliveryState::kDone, true},
      {DeliveryState::kDead, true},     {DeliveryState::kDropped, true}};
  Deliveries deliveries;
  Delivery& delivery = deliveries.add(1);
  for (const auto& [state, terminal] : states) {
    delivery.state.store(state);
    EXPECT_EQ(delivery.terminal(), terminal) << static_cast<int>(state);
  }
}

}  // namespace
}  // namespace veltrix
