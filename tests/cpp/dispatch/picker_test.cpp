#include "veltrix/dispatch/picker.hpp"

#include <gtest/gtest.h>

#include "cpp/queue/deliveries.hpp"

namespace veltrix {
namespace {

/// A picker over queues whose lists the test fills by hand.
class PickerTest : public testing::Test {
 protected:
  QueueState& queue(std::uint32_t weight = 1, std::int64_t max_wait = 3'600 * kSecond) {
    QueueOptions settings;
    settings.weight = weight;
    settings.max_wait = max_wait;
    const auto number = static_cast<std::uint16_t>(queues_.size());
    queues_.push_back(std::make_unique<QueueState>(settings, number, std::uint8_t{0}));
    return *queues_.back();
  }
  void ready(QueueState& queue, std::uint8_t priority, std::int64_t since = 0) {
    RunList& list = queue.classes[priority].ready;
    const bool was_empty = list.empty();
    list.push_back(deliveries_.add(++sequence_, since, priority));
    if (was_empty) picker().activate(queue, priority);
  }
  Picker& picker() {
    if (picker_ == nullptr) picker_ = std::make_unique<Picker>(options, slots);
    return *picker_;
  }
  Choice choose(std::int64_t now = 0) {
    return picker().choose(now, [this](const QueueState& one) { return &one == held; });
  }
  /// Chooses and runs one batch of that length, estimated right.
  Choice run(double ns, std::int64_t now = 0) {
    const Choice choice = choose(now);
    if (choice.queue == nullptr) return choice;
    picker().begin(choice, ns);
    picker().finish(choice, ns, ns);
    return choice;
  }

  DispatchOptions options;
  std::uint32_t slots = 1;
  const QueueState* held = nullptr;

 private:
  Deliveries deliveries_;
  std::uint64_t sequence_ = 0;
  std::vector<std::unique_ptr<QueueState>> queues_;
  std::unique_ptr<Picker> picker_;
};

TEST_F(PickerTest, ChoosesNothingWithoutWork) {
  EXPECT_EQ(choose().queue, nullptr);
  EXPECT_EQ(picker().highest_active(), -1);
  QueueState& one = queue();
  ready(one, 3);
  EXPECT_EQ(picker().highest_active(), 3);
  picker().deactivate(one, 3);
  EXPECT_EQ(choose().queue, nullptr);
}

TEST_F(PickerTest, PrefersTheHighestPriority) {
  QueueState& one = queue();
  QueueState& two = queue();
  ready(one, 2);
  ready(two, 8);
  ready(one, 5);
  const Choice choice = choose();
  EXPECT_EQ(choice.queue, &two);
  EXPECT_EQ(choice.priority, 8);
  EXPECT_EQ(choice.reason, PickReason::kHighest);
}

TEST_F(PickerTest, SharesAClassByWeight) {
  QueueState& light = queue(1);
  QueueState& heavy = queue(3);
  ready(light, 4);
  ready(heavy, 4);
  int heavies = 0;
  for (int i = 0; i < 400; ++i) heavies += run(1'000).queue == &heavy ? 1 : 0;
  EXPECT_NEAR(heavies, 300, 2);
}

TEST_F(PickerTest, LetsANewQueueBeginWhereItsClassStands) {
  QueueState& old = queue();
  ready(old, 4);
  for (int i = 0; i < 100; ++i) run(1'000);
  QueueState& fresh = queue();
  ready(fresh, 4);
  int freshes = 0;
  for (int i = 0; i < 100; ++i) freshes += run(1'000).queue == &fresh ? 1 : 0;
  EXPECT_NEAR(freshes, 50, 2);
}

TEST_F(PickerTest, GivesEveryClassItsMinimumShare) {
  QueueState& one = queue();
  for (const auto priority : std::initializer_list<std::uint8_t>{0, 4, 9}) ready(one, priority);
  double used[kPriorities] = {};
  for (int i = 0; i < 20'000; ++i) used[run(1'000).priority] += 1'000;
  const double all = used[0] + used[4] + used[9];
  EXPECT_NEAR(used[0] / all, 0.01, 0.0005);
  EXPECT_NEAR(used[4] / all, 0.01, 0.0005);
}

TEST_F(PickerTest, DoesNotLetAnIdleClassSaveUp) {
  QueueState& one = queue();
  ready(one, 0);
  ready(one, 9);
  const Choice high = choose();
  picker().begin(high, 1e9);
  picker().finish(high, 1e9, 1e9);  // the lowest class has earned 10 ms now …
  picker().deactivate(one, 0);      // … and has no work any more
  picker().activate(one, 0);
  EXPECT_EQ(choose().priority, 9);
}

TEST_F(PickerTest, KeepsTheCreditOfAClassWhoseLastWorkRuns) {
  QueueState& one = queue();
  ready(one, 0);
  ready(one, 9);
  run(1e9);
  for (int i = 0; i < 9; ++i) {  // 10 ms in runs of one: its only key leaves the list each time
    const Choice low = choose();
    ASSERT_EQ(low.reason, PickReason::kMinShare) << i;
    picker().deactivate(one, 0);
    picker().begin(low, 1e6);
    picker().activate(one, 0);
    picker().finish(low, 1e6, 1e6);
  }
}

TEST_F(PickerTest, TakesOverdueWorkFirstWithinItsShare) {
  QueueState& low = queue(1, kSecond);
  QueueState& high = queue();
  ready(low, 0, 5);
  ready(high, 9, 5);
  options.min_share = 0;
  EXPECT_EQ(run(1'000, kSecond + 4).queue, &high);
  EXPECT_EQ(choose(kSecond + 5).reason, PickReason::kOverdue);
  double overdue = 0;
  std::int64_t now = kSecond + 5;
  for (; now < 11 * kSecond; now += kMillisecond) {
    overdue += run(1e6, now).reason == PickReason::kOverdue ? 1e6 : 0;
  }
  EXPECT_NEAR(overdue, 0.25 * 10e9, 0.03e9);  // 25 %, and 25 ms once
}

TEST_F(PickerTest, TakesTheLongestOverdueFirst) {
  QueueState& impatient = queue(1, kMillisecond);
  QueueState& patient = queue(1, kSecond);
  ready(patient, 1, 0);
  ready(impatient, 0, kSecond);  // due 1 ms after the other
  EXPECT_EQ(choose(2 * kSecond).queue, &patient);
}

TEST_F(PickerTest, KeepsASlotForUrgentWork) {
  slots = 3;
  QueueState& one = queue();
  ready(one, 6);
  const Choice first = choose();
  picker().begin(first, 1);
  picker().begin(choose(), 1);
  EXPECT_EQ(choose().queue, nullptr);  // the third slot is for 7 and above
  ready(one, 7);
  EXPECT_EQ(choose().priority, 7);
  picker().finish(first, 1, 1);
  picker().begin(choose(), 1);
  EXPECT_EQ(choose().priority, 6);
}

TEST_F(PickerTest, StopsAtItsSlots) {
  slots = 2;
  QueueState& one = queue();
  ready(one, 9);
  const Choice choice = choose();
  picker().begin(choice, 1);
  picker().begin(choice, 1);
  EXPECT_EQ(choose().queue, nullptr);
  picker().set_slots(3);
  EXPECT_EQ(choose().queue, &one);
}

TEST_F(PickerTest, PassesOverWhatIsHeld) {
  QueueState& one = queue();
  QueueState& two = queue();
  one.emits.push_back(1);
  ready(one, 9, 0);
  ready(two, 1, 0);
  held = &one;
  EXPECT_EQ(choose(3'600 * kSecond).queue, &two);  // overdue or not
  held = nullptr;
  EXPECT_EQ(choose(0).queue, &one);
}

TEST_F(PickerTest, PromisesNothingWhenStrict) {
  options.policy = Policy::kStrict;
  QueueState& one = queue(1, 1);
  ready(one, 0);
  ready(one, 9);
  for (int i = 0; i < 1'000; ++i) ASSERT_EQ(run(1e6, i * kSecond).priority, 9);
}

}  // namespace
}  // namespace veltrix
