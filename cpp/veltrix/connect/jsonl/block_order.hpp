#pragma once
// The blocks of a source, and the order in which they are settled: that of their numbers, by one
// thread at a time, whichever thread is through with its block first.
//
// Nobody waits for its turn: who finishes a block out of turn leaves it and takes the next free
// one, and whose turn it is settles what the others have left. Threads wait for a free block only,
// which is how back-pressure reaches the reader: there are no more blocks than those made at first.

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "veltrix/connect/jsonl/block.hpp"

namespace veltrix {

class BlockOrder {
 public:
  explicit BlockOrder(std::vector<std::unique_ptr<Block>> blocks);

  /// Waits for one. Null: close() was called. Each one taken comes back, by finish() or put_back().
  Block* take();
  /// It was not filled, so it has no number.
  void put_back(Block& block);
  /// Settles the block as soon as all before it are settled: now, or on another thread. `settle`
  /// sees everything that was done to the block and by earlier calls of it.
  void finish(Block& block, const std::function<void(Block&)>& settle);
  /// No new blocks are needed. Those that are under way are settled all the same.
  void close();

 private:
  std::vector<std::unique_ptr<Block>> blocks_;
  std::mutex mutex_;
  std::condition_variable free_again_;
  std::vector<Block*> free_;      // GUARDED_BY(mutex_)
  std::vector<Block*> finished_;  // GUARDED_BY(mutex_); number n at n modulo size
  std::uint64_t turn_ = 0;        // GUARDED_BY(mutex_); the number to be settled next
  bool settling_ = false;         // GUARDED_BY(mutex_); somebody does
  bool closed_ = false;           // GUARDED_BY(mutex_)
};

}  // namespace veltrix
