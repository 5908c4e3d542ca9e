#pragma once
// Runs a sink as a queue's handler: writes each event, flushes once a batch, settles after the
// flush. A queue's transform changes the events on the way; their ids stay.

#include <memory>
#include <vector>

#include "veltrix/engine/handler.hpp"
#include "veltrix/engine/sink.hpp"
#include "veltrix/engine/transform.hpp"

namespace veltrix {

class SinkHandler final : public Handler {
 public:
  explicit SinkHandler(std::unique_ptr<Sink> sink,
                       std::unique_ptr<const Transform> transform = nullptr)
      : sink_(std::move(sink)), transform_(std::move(transform)) {}
  void run(Batch& batch, Settler& settler) noexcept override;
  Result<void> open() override { return sink_->open(); }
  Result<void> close() noexcept override { return sink_->close(); }

 private:
  /// Done: it is written and waits for the flush.
  Outcome write(const Slot& slot, std::string_view type);
  Outcome write_changed(const Slot& slot, std::string_view type);

  std::unique_ptr<Sink> sink_;
  std::unique_ptr<const Transform> transform_;  // null: events leave as they are
  TransformScratch scratch_;
  std::vector<Delivery*> written_;
};

}  // namespace veltrix
