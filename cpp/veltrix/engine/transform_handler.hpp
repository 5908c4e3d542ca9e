#pragma once
// Runs a transform as a queue's handler: each event enters the engine again, changed, as a
// follow-up with an id of its own, and is routed by its new type, key and data.

#include <memory>
#include <mutex>
#include <vector>

#include "veltrix/engine/handler.hpp"
#include "veltrix/engine/transform.hpp"

namespace veltrix {

class TransformHandler final : public Handler {
 public:
  explicit TransformHandler(std::unique_ptr<const Transform> transform)
      : transform_(std::move(transform)) {}
  void run(Batch& batch, Settler& settler) noexcept override;

 private:
  Outcome publish(const Delivery& delivery, Producer& producer, TransformScratch& scratch) const;
  std::unique_ptr<TransformScratch> borrow();

  const std::unique_ptr<const Transform> transform_;
  std::mutex lock_;  // once a batch, not once an event
  // As many as executors were ever at work here at the same time; guarded by lock_.
  std::vector<std::unique_ptr<TransformScratch>> idle_;
};

}  // namespace veltrix
