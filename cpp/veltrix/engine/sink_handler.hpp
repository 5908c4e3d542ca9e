#pragma once
// Runs a sink as a queue's handler: writes each event, flushes once a batch, settles after the
// flush.

#include <memory>
#include <vector>

#include "veltrix/engine/handler.hpp"
#include "veltrix/engine/sink.hpp"

namespace veltrix {

class SinkHandler final : public Handler {
 public:
  explicit SinkHandler(std::unique_ptr<Sink> sink) : sink_(std::move(sink)) {}
  void run(Batch& batch, Settler& settler) noexcept override;
  Result<void> open() override { return sink_->open(); }
  Result<void> close() noexcept override { return sink_->close(); }

 private:
  std::unique_ptr<Sink> sink_;
  std::vector<Delivery*> written_;
};

}  // namespace veltrix
