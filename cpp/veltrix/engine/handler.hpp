#pragma once
// What runs the events of a queue. An executor calls run() with a batch of one queue's deliveries,
// and the handler settles each delivery that it takes with next() exactly once.

#include "veltrix/base/error.hpp"
#include "veltrix/engine/batch.hpp"

namespace veltrix {

class Producer;

/// Where outcomes go. (Executors that settle later and from other threads will implement it too.)
class Settler {
 public:
  virtual ~Settler() = default;
  virtual void done(Delivery& delivery) noexcept = 0;
  virtual void settle(Delivery& delivery, Outcome outcome) noexcept = 0;
  /// For follow-up events: builds and routes them on this executor's own producer.
  virtual Producer& producer() noexcept = 0;
};

class Handler {
 public:
  virtual ~Handler() = default;
  /// Before the engine starts / after its threads ended. A handler of plain code has nothing to do.
  virtual Result<void> open() { return {}; }
  virtual Result<void> close() noexcept { return {}; }
  virtual void run(Batch& batch, Settler& settler) noexcept = 0;
};

}  // namespace veltrix
