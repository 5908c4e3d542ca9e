#include "veltrix/connect/jsonl/block_order.hpp"

#include <utility>

namespace veltrix {

BlockOrder::BlockOrder(std::vector<std::unique_ptr<Block>> blocks)
    : blocks_(std::move(blocks)), finished_(blocks_.size()) {
  for (const auto& block : blocks_) free_.push_back(block.get());
}

Block* BlockOrder::take() {
  std::unique_lock lock(mutex_);
  free_again_.wait(lock, [this] { return closed_ || !free_.empty(); });
  if (closed_) return nullptr;
  Block* block = free_.back();  // the last one used: still in the cache
  free_.pop_back();
  return block;
}

void BlockOrder::put_back(Block& block) {
  const std::lock_guard lock(mutex_);
  free_.push_back(&block);
}

void BlockOrder::finish(Block& block, const std::function<void(Block&)>& settle) {
  std::unique_lock lock(mutex_);
  // Numbers of blocks under way differ by less than there are blocks: the place is empty.
  finished_[block.number % finished_.size()] = &block;
  if (settling_) return;
  settling_ = true;
  while (Block* next = std::exchange(finished_[turn_ % finished_.size()], nullptr)) {
    lock.unlock();
    settle(*next);  // unlocked: it may wait for room in a queue
    lock.lock();
    ++turn_;
    free_.push_back(next);
    free_again_.notify_one();
  }
  settling_ = false;
}

void BlockOrder::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  free_again_.notify_all();
}

}  // namespace veltrix
