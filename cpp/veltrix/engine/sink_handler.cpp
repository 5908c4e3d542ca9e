#include "veltrix/engine/sink_handler.hpp"

#include "veltrix/engine/monitor.hpp"
#include "veltrix/engine/producer.hpp"

namespace veltrix {

namespace {
Outcome sink_failed(const Error& error) {
  return Outcome::failed(OutcomeKind::kRetry, std::string(error_name(error.code)), error.message);
}
}  // namespace

Outcome SinkHandler::write(const Slot& slot, std::string_view type) {
  if (transform_ != nullptr) return write_changed(slot, type);
  auto written = sink_->write(EventView(slot), type);
  return written ? Outcome::done() : sink_failed(written.error());
}

Outcome SinkHandler::write_changed(const Slot& slot, std::string_view type) {
  EventFields fields;
  if (auto changed = transform_->apply(EventView(slot), type, scratch_, fields); !changed) {
    return Transform::failed(std::move(changed.error()));
  }
  auto built = build_slot(nullptr, fields);  // sinks take slots; this one lives for one write
  if (!built) return Transform::failed(built.error().message);
  auto written = sink_->write(EventView(**built), fields.type);
  release(*built);
  return written ? Outcome::done() : sink_failed(written.error());
}

void SinkHandler::run(Batch& batch, Settler& settler) noexcept {
  written_.clear();
  const TypeTable& types = settler.producer().monitor().types;
  while (Delivery* delivery = batch.next()) {
    batch.prefetch_ahead();
    const Slot& slot = *delivery->slot;
    const std::string_view type = slot.type == kNoType ? std::string_view() : types.text(slot.type);
    Outcome outcome = write(slot, type);
    if (outcome.kind == OutcomeKind::kDone) {
      written_.push_back(delivery);
    } else {
      settler.settle(*delivery, std::move(outcome));
    }
  }
  auto flushed = sink_->flush();
  for (Delivery* delivery : written_) {
    if (flushed) {
      settler.done(*delivery);
    } else {
      settler.settle(*delivery, sink_failed(flushed.error()));
    }
  }
}

}  // namespace veltrix
