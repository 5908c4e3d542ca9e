#pragma once
// Where events come in from outside. A Source runs on a thread of its own and publishes until its
// input ends or stopping() turns true. Implementations live in connect/.
//
// A source that reads with several threads gives each of them a lane. In its lane a thread makes
// events ready (routing, copying: nearly all of the work) without any lock; push() hands them over
// in the order of the input, by one thread at a time. So the order is that of a single thread.

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "veltrix/base/clock.hpp"
#include "veltrix/base/error.hpp"
#include "veltrix/event/event_fields.hpp"

namespace veltrix {

/// Counters that anybody may read while the source runs.
struct SourceProgress {
  std::atomic<std::uint64_t> records{0};      // read so far, rejected ones included
  std::atomic<std::uint64_t> filtered{0};     // left out by the source's own `where`
  std::atomic<std::uint64_t> rejected{0};     // malformed, or refused by the engine
  std::atomic<std::uint64_t> bytes{0};        // read so far; of a compressed file: as it lies there
  std::atomic<std::uint64_t> total_bytes{0};  // 0 = unknown (standard input)
  std::atomic<bool> done{false};
};

/// One thread's way to make events ready. Made, used and destroyed on that thread.
class SourceLane {
 public:
  virtual ~SourceLane() = default;
  /// An event for push(), or for release() where it is not wanted any more. Null: no queue takes
  /// the event; it is counted, and there is nothing to push. An error is the event's own fault and
  /// is not counted yet: malformed() does that.
  virtual Result<Slot*> prepare(EventFields& fields) = 0;
  /// Counts a record that the source leaves out (engine ledger: received and filtered).
  virtual void filtered() noexcept = 0;
};

/// What the engine lends to a source. Used on the source's thread only, or by one of its threads at
/// a time; open_lane() and stopping() by all of them at once.
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

  virtual std::unique_ptr<SourceLane> open_lane() = 0;
  /// The second half of publish(), with its errors; owns the event from here on. The last few may
  /// wait for their company until flush().
  virtual Result<void> push(Slot* prepared) = 0;
  virtual void flush() = 0;
  /// The same for who has more at once: an executor that sleeps is not woken for a few events, but
  /// every kLinger or for many of them. Should nothing follow, housekeeping sees
  /// to them within 5 ms.
  virtual void linger() { flush(); }
  static constexpr std::int64_t kLinger = kMillisecond;
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
