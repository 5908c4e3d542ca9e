#include "veltrix/queue/strand.hpp"

#include <algorithm>
#include <deque>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "cpp/queue/deliveries.hpp"

namespace veltrix {
namespace {

/// A strand beside a plain deque of what should wait in it.
class StrandModel {
 public:
  void join(std::uint8_t priority) {
    Delivery& delivery = deliveries_.add(++sequence_, 0, priority);
    strand.push_back(delivery);
    waiting_.push_back(&delivery);
  }
  void begin() {
    Delivery* delivery = strand.pop_front();
    RC_ASSERT(delivery == (waiting_.empty() ? nullptr : waiting_.front()));
    if (delivery == nullptr) return;
    waiting_.pop_front();
    ++delivery->attempt;
    in_flight.push_back(delivery);
  }
  void come_back(std::size_t index) {
    Delivery* delivery = in_flight[index];
    in_flight.erase(in_flight.begin() + static_cast<std::ptrdiff_t>(index));
    strand.take_back(*delivery);
    const auto place = std::find_if(waiting_.begin(), waiting_.end(), [&](const Delivery* one) {
      return one->slot->sequence > delivery->slot->sequence;
    });
    waiting_.insert(place, delivery);
  }
  void check() const {
    RC_ASSERT(strand.waiting == waiting_.size());
    const Delivery* at = strand.head;
    std::uint8_t top = 0;
    for (const Delivery* expected : waiting_) {
      RC_ASSERT(at == expected);
      top = std::max(top, expected->priority);
      at = at->order.next;
    }
    RC_ASSERT(at == nullptr);
    if (!waiting_.empty()) RC_ASSERT(strand.top == top);
    RC_ASSERT(strand.tail == (waiting_.empty() ? nullptr : waiting_.back()));
  }

  Strand strand;
  std::vector<Delivery*> in_flight;

 private:
  Deliveries deliveries_;
  std::uint64_t sequence_ = 0;
  std::deque<Delivery*> waiting_;
};

RC_GTEST_PROP(StrandProperty, KeepsOrderAndClassUnderAnySteps, ()) {
  StrandModel model;
  const int steps = *rc::gen::inRange(1, 60);
  for (int i = 0; i < steps; ++i) {
    const int kind = *rc::gen::inRange(0, 4);
    if (kind < 2) {
      model.join(*rc::gen::inRange<std::uint8_t>(0, kPriorities));
    } else if (kind == 2 || model.in_flight.empty()) {
      model.begin();
    } else {
      model.come_back(*rc::gen::inRange<std::size_t>(0, model.in_flight.size()));
    }
    model.check();
  }
}

TEST(Strand, IsIdleOnlyWithoutWork) {
  Deliveries deliveries;
  Strand strand;
  EXPECT_TRUE(strand.idle());
  strand.push_back(deliveries.add(1));
  EXPECT_FALSE(strand.idle());
  strand.pop_front();
  strand.in_flight = 1;
  EXPECT_FALSE(strand.idle());
  strand.in_flight = 0;
  EXPECT_TRUE(strand.idle());
  EXPECT_EQ(strand.pop_front(), nullptr);
}

TEST(Strand, KeepsReadinessOfTheHeadOnlyWhenTwoComeBack) {
  Deliveries deliveries;
  Strand strand;
  Delivery& first = deliveries.add(1, 10);
  Delivery& second = deliveries.add(2, 20);
  for (Delivery* one : {&first, &second}) strand.push_back(*one);
  for (Delivery* one : {&first, &second}) one->attempt = 1;
  strand.pop_front();
  strand.pop_front();
  strand.take_back(second);
  EXPECT_EQ(second.ready_ns, 20);
  strand.take_back(first);
  EXPECT_EQ(first.ready_ns, 10);
  EXPECT_EQ(second.ready_ns, 0);  // it is not ready before the first one is over
}

TEST(Strand, LowersItsClassWhenTheUrgentOneLeaves) {
  Deliveries deliveries;
  Strand strand;
  strand.push_back(deliveries.add(1, 0, 9));
  strand.push_back(deliveries.add(2, 0, 2));
  strand.push_back(deliveries.add(3, 0, 2));
  EXPECT_EQ(strand.top, 9);
  strand.pop_front();
  EXPECT_EQ(strand.top, 2);
  strand.push_back(deliveries.add(4, 0, 5));
  EXPECT_EQ(strand.top, 5);
}

}  // namespace
}  // namespace veltrix
