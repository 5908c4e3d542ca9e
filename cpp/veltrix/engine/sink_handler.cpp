#include "veltrix/engine/sink_handler.hpp"

#include "veltrix/engine/monitor.hpp"
#include "veltrix/engine/producer.hpp"

namespace veltrix {

namespace {
Outcome sink_failed(const Error& error) {
  return Outcome::failed(OutcomeKind::kRetry, std::string(error_name(error.code)), error.message);
}
}  // namespace

void SinkHandler::run(Batch& batch, Settler& settler) noexcept {
  written_.clear();
  const TypeTable& types = settler.producer().monitor().types;
  while (Delivery* delivery = batch.next()) {
    batch.prefetch_ahead();
    const Slot& slot = *delivery->slot;
    const std::string_view type = slot.type == kNoType ? std::string_view() : types.text(slot.type);
    if (auto written = sink_->write(EventView(slot), type); written) {
      written_.push_back(delivery);
    } else {
      settler.settle(*delivery, sink_failed(written.error()));
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
