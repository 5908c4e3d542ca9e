#include "veltrix/queue/run_list.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "cpp/queue/deliveries.hpp"

namespace veltrix {
namespace {

std::vector<std::uint64_t> drained(RunList& list) {
  std::vector<std::uint64_t> sequences;
  while (Delivery* delivery = list.pop_front()) sequences.push_back(delivery->slot->sequence);
  return sequences;
}

TEST(RunList, HandsOutInOrderOfArrival) {
  Deliveries deliveries;
  RunList list;
  EXPECT_TRUE(list.empty());
  for (std::uint64_t i = 1; i <= 3; ++i) list.push_back(deliveries.add(i, 5));
  EXPECT_EQ(list.front()->slot->sequence, 1U);
  EXPECT_EQ(drained(list), (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.pop_front(), nullptr);
}

TEST(RunList, LetsAnyoneLeave) {
  for (const std::uint64_t leaves : {1, 2, 3}) {
    Deliveries deliveries;
    RunList list;
    std::vector<Delivery*> all;
    for (std::uint64_t i = 1; i <= 3; ++i) {
      all.push_back(&deliveries.add(i, 5));
      list.push_back(*all.back());
    }
    list.remove(*all[leaves - 1]);
    list.push_back(*all[leaves - 1]);
    std::vector<std::uint64_t> expected{1, 2, 3};
    expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(leaves) - 1);
    expected.push_back(leaves);
    EXPECT_EQ(drained(list), expected);
  }
}

/// Anybody may leave at any time, and somebody else may take the place.
RC_GTEST_PROP(RunListProperty, AgreesWithAPlainList, ()) {
  Deliveries deliveries;
  RunList list;
  std::vector<Delivery*> model;
  const int steps = *rc::gen::inRange(1, 400);
  for (int step = 1; step <= steps; ++step) {
    const int what = *rc::gen::inRange(0, 10);
    Delivery& fresh = deliveries.add(static_cast<std::uint64_t>(step), 5);
    if (what < 6 || model.empty()) {
      list.push_back(fresh);
      model.push_back(&fresh);
      continue;
    }
    const auto which = model.begin() + *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(model));
    if (what == 6) {
      list.replace(**which, fresh);
      *which = &fresh;
    } else {
      list.remove(**which);
      model.erase(which);
    }
    RC_ASSERT(list.front() == (model.empty() ? nullptr : model.front()));
  }
  std::vector<Delivery*> listed;
  list.for_each([&](Delivery& delivery) { listed.push_back(&delivery); });
  RC_ASSERT(listed == model);
  for (Delivery* delivery : model) RC_ASSERT(list.pop_front() == delivery);
  RC_ASSERT(list.empty());
}

TEST(RunList, ClosesTheGapsBehindAFrontThatStays) {
  Deliveries deliveries;
  RunList list;
  list.push_back(deliveries.add(1, 5));
  Delivery* others[] = {&deliveries.add(2, 5), &deliveries.add(3, 5)};
  list.push_back(*others[0]);
  for (std::size_t i = 1; i < 10'000; ++i) {
    list.push_back(*others[i % 2]);
    list.remove(*others[(i + 1) % 2]);
  }
  EXPECT_LE(others[1]->run_place - list.front()->run_place, 64U) << "not one place per push";
  EXPECT_EQ(drained(list), (std::vector<std::uint64_t>{1, 3}));
}

RC_GTEST_PROP(RunListProperty, PutsWhatIsGivenBackByItsReadiness, ()) {
  Deliveries deliveries;
  RunList list;
  std::vector<std::pair<std::int64_t, std::uint64_t>> model;
  const auto times = *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 6));
  for (std::size_t i = 0; i < times.size(); ++i) {
    list.push_by_readiness(deliveries.add(i + 1, times[i]));
    model.emplace_back(times[i], i + 1);
  }
  std::sort(model.begin(), model.end());  // readiness first, then sequence
  for (const auto& [ready, sequence] : model) {
    const Delivery* delivery = list.pop_front();
    RC_ASSERT(delivery != nullptr);
    RC_ASSERT(delivery->ready_ns == ready && delivery->slot->sequence == sequence);
  }
  RC_ASSERT(list.empty());
}

}  // namespace
}  // namespace veltrix
