#pragma once
// Where events come in from outside. A Source runs on a thread of its own and publishes until its
// input ends or stopping() turns true. Implementations live in connect/.

#include <atomic>
#include <cstdint>
#include <string>

#include "veltrix/base/error.hpp"
#include "veltrix/event/event_fields.hpp"

namespace veltrix {

/// Counters that anybody may read while the source runs.
struct SourceProgress {
  std::atomic<std::uint64_t> records{0};      // read so far, rejected ones included
  std::atomic<std::uint64_t> rejected{0};     // malformed, or refused by the engine
  std::atomic<std::uint64_t> bytes{0};        // read so far
  std::atomic<std::uint64_t> total_bytes{0};  // 0 = unknown (standard input)
  std::atomic<bool> done{false};
};

/// What the engine lends to a source. Used on the source's thread only.
class SourceDoor {
 public:
  virtual ~SourceDoor() = default;
  /// Takes the event in. Waits while a queue is full (back-pressure; ends with kEngineStopped when
  /// the engine stops). kUnmatched, kQueueFull (overflow reject) and the like are the event's own
  /// fault and already counted by the engine; the source reports them as rejects.
  virtual Result<void> publish(EventFields& fields) = 0;
  /// Counts a record that never became an event (engine ledger: received and rejected).
  virtual void malformed() = 0;
  virtual bool stopping() const noexcept = 0;
};

class Source {
 public:
  virtual ~Source() = default;
  virtual const std::string& name() const noexcept = 0;
  virtual const SourceProgress& progress() const noexcept = 0;
  /// Called before the engine starts: paths exist, files open. An error here refuses the start.
  virtual Result<void> open() = 0;
  /// Called once, on the source's thread. An error ends the run and is reported by the engine.
  virtual Result<void> run(SourceDoor& door) = 0;
};

}  // namespace veltrix
