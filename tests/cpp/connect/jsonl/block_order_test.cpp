#include "veltrix/connect/jsonl/block_order.hpp"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

namespace veltrix {
namespace {

std::vector<std::unique_ptr<Block>> blocks(std::size_t count) {
  std::vector<std::unique_ptr<Block>> made(count);
  for (auto& block : made) block = std::make_unique<Block>(16, 16);
  return made;
}

TEST(BlockOrder, SettlesInOrderOfNumbersWhoeverIsFirst) {
  BlockOrder order(blocks(3));
  Block* taken[] = {order.take(), order.take(), order.take()};
  for (std::uint64_t i = 0; i < 3; ++i) taken[i]->number = i;
  std::vector<std::uint64_t> settled;
  const auto note = [&](Block& block) { settled.push_back(block.number); };
  order.finish(*taken[2], note);
  order.finish(*taken[1], note);
  EXPECT_TRUE(settled.empty());
  order.finish(*taken[0], note);
  EXPECT_EQ(settled, (std::vector<std::uint64_t>{0, 1, 2}));
}

TEST(BlockOrder, GivesNothingMoreWhenItIsClosed) {
  BlockOrder order(blocks(1));
  Block* block = order.take();
  ASSERT_NE(block, nullptr);
  std::jthread waiting([&] { EXPECT_EQ(order.take(), nullptr); });
  order.close();
  waiting.join();
  int settled = 0;
  order.finish(*block, [&](Block&) { ++settled; });  // what is under way is settled all the same
  EXPECT_EQ(settled, 1);
}

TEST(BlockOrder, KeepsOrderAmongManyThreads) {
  BlockOrder order(blocks(6));
  std::mutex reading;
  std::uint64_t number = 0;
  std::vector<std::uint64_t> settled;  // by one thread at a time, or TSan tells
  const auto work = [&] {
    while (Block* block = order.take()) {
      {
        const std::lock_guard guard(reading);
        if (number == 5'000) {
          order.put_back(*block);
          order.close();
          return;
        }
        block->number = number++;
      }
      order.finish(*block, [&](Block& done) { settled.push_back(done.number); });
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back(work);
  }
  ASSERT_EQ(settled.size(), 5'000U);
  for (std::uint64_t i = 0; i < settled.size(); ++i) ASSERT_EQ(settled[i], i);
}

}  // namespace
}  // namespace veltrix
