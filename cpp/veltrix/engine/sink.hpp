#pragma once
// Where events go out natively. A sink serves one queue and is called by one executor at a time.

#include <string>
#include <string_view>

#include "veltrix/base/error.hpp"
#include "veltrix/event/event_fields.hpp"

namespace veltrix {

class Sink {
 public:
  virtual ~Sink() = default;
  virtual Result<void> open() = 0;
  /// Takes one event, which is gone afterwards; what is written of it may be buffered until
  /// flush(). An error is the delivery's outcome (retry).
  virtual Result<void> write(const EventView& event, std::string_view type_text) = 0;
  /// Called after each batch, before its outcomes are settled. An error fails the whole batch.
  virtual Result<void> flush() = 0;
  virtual Result<void> close() = 0;
};

}  // namespace veltrix
