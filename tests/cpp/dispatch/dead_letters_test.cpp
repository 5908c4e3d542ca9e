#include "veltrix/dispatch/dead_letters.hpp"

#include <memory>
#include <vector>

#include <gtest/gtest.h>

namespace veltrix {
namespace {

class DeadLettersTest : public testing::Test {
 protected:
  ~DeadLettersTest() override {
    for (Slot* slot : slots_) release(slot);
  }
  Slot& slot() {
    slots_.push_back(new_heap_slot(kSlotClassBytes[0]));
    return *slots_.back();
  }
  static DeadLetter letter(Slot& of, const char* code) { return {&of, 2, 3, 4, code, "text"}; }

 private:
  std::vector<Slot*> slots_;
};

TEST_F(DeadLettersTest, HoldAReferenceUntilTheyAreGone) {
  Slot& first = slot();
  {
    DeadLetters letters(10);
    letters.add(letter(first, "a"));
    EXPECT_EQ(first.refs.load(), 2U);
    ASSERT_EQ(letters.all().size(), 1U);
    EXPECT_EQ(letters.all().front().code, "a");
    EXPECT_EQ(letters.all().front().queue, 2);
    EXPECT_EQ(letters.all().front().attempts, 3);
  }
  EXPECT_EQ(first.refs.load(), 1U);
}

TEST_F(DeadLettersTest, ForgetTheOldestBeyondTheirBound) {
  for (const std::size_t bound : {0U, 1U, 3U}) {
    DeadLetters letters(bound);
    std::vector<Slot*> all;
    for (int i = 0; i < 5; ++i) {
      all.push_back(&slot());
      letters.add(letter(*all.back(), "code"));
    }
    EXPECT_EQ(letters.all().size(), bound);
    EXPECT_EQ(letters.evicted(), 5 - bound);
    for (std::size_t i = 0; i < 5; ++i) {
      EXPECT_EQ(all[i]->refs.load(), i < 5 - bound ? 1U : 2U) << bound << " " << i;
    }
  }
}

TEST_F(DeadLettersTest, MayHoldTheSameEventTwice) {
  Slot& twice = slot();
  DeadLetters letters(2);
  letters.add(letter(twice, "one queue"));
  letters.add(letter(twice, "another"));
  EXPECT_EQ(twice.refs.load(), 3U);
  letters.add(letter(slot(), "third"));
  EXPECT_EQ(twice.refs.load(), 2U);
}

}  // namespace
}  // namespace veltrix
