// What a producer leaves in a slot for the dispatcher: expiry, hashes of queues' own windows.

#include <gtest/gtest.h>

#include "veltrix/engine/leftovers.hpp"

#include "cpp/engine/small_plan.hpp"

namespace veltrix {
namespace {

class SlotTail : public testing::Test {
 protected:
  ~SlotTail() override {
    if (monitor != nullptr) release_leftovers(*monitor);
  }
  void dedup(const std::string& name, const std::vector<std::string>& by) {
    QueueOptions& queue = plan.queue(name);
    plan.options.routes.back().type = {"all"};
    queue.dedup_by = by;
    queue.dedup_window = kSecond;
  }
  Result<Slot*> prepare(const std::string& json, const std::string& expiry = "") {
    if (monitor == nullptr) {
      monitor = plan.monitor();
      producer = &monitor->open_producer(1);
    }
    EventFields fields;
    fields.type = "all";
    fields.data_kind = DataKind::kJson;
    fields.data = json;
    fields.expiry_time = expiry;
    return producer->prepare(fields);
  }
  Hash128 hash(const Slot& slot, std::size_t queue) {
    return monitor->machine().dispatcher().queues()[queue]->dedup_hash(slot);
  }

  SmallPlan plan;
  std::unique_ptr<Monitor> monitor;
  Producer* producer = nullptr;
};

TEST_F(SlotTail, HoldsAHashPerQueueWithAWindow) {
  dedup("a", {"data.x"});
  plan.queue("plain");
  plan.options.routes.back().type = {"all"};
  dedup("b", {"data.x", "data.y"});
  for (const char* expiry : {"", "2040-01-01T00:00:00Z"}) {
    Slot* one = prepare(R"({"x": "ab", "y": "c"})", expiry).value();
    Slot* same = prepare(R"({"y": "c", "x": "ab", "z": 1})", expiry).value();
    Slot* other = prepare(R"({"x": "a", "y": "bc"})", expiry).value();
    EXPECT_EQ(hash(*one, 0), hash(*same, 0));
    EXPECT_EQ(hash(*one, 2), hash(*same, 2));
    EXPECT_NE(hash(*one, 0), hash(*other, 0));
    EXPECT_NE(hash(*one, 2), hash(*other, 2));
    for (Slot* slot : {one, same, other}) release(slot);
  }
}

TEST_F(SlotTail, HasNoHashWhereAValueIsMissing) {
  dedup("a", {"data.x", "data.y"});
  Slot* slot = prepare(R"({"x": 1})").value();
  EXPECT_TRUE(hash(*slot, 0).empty());
  release(slot);
}

TEST_F(SlotTail, SaysWhenTheEventExpires) {
  plan.queue("a");
  plan.options.routes.back().type = {"all"};
  Slot* slot = prepare("{}", "2040-01-01T00:00:00.5Z").value();
  ASSERT_NE(slot->flags & kExpires, 0);
  const auto expiry = static_cast<std::int64_t>(slot->tail()[0]);
  const std::int64_t wall = expiry + wall_ns() - steady_ns();
  EXPECT_NEAR(static_cast<double>(wall), 2'208'988'800.5e9, 1e8);
  EXPECT_EQ(slot->data(), "{}");
  release(slot);
  for (const char* far : {"0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"}) {
    slot = prepare("{}", far).value();
    const auto limit = static_cast<std::int64_t>(slot->tail()[0]);
    EXPECT_EQ(limit < 0, far[0] == '0') << far;
    release(slot);
  }
}

TEST_F(SlotTail, RefusesAnExpiryThatIsNoTime) {
  plan.queue("a");
  plan.options.routes.back().type = {"all"};
  const auto refused = prepare("{}", "tomorrow");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidEvent);
  EXPECT_NE(refused.error().message.find("expirytime"), std::string::npos);
}

}  // namespace
}  // namespace veltrix
