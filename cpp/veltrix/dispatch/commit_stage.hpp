#pragma once
// What stands between admission and dispatch: accepted events are appended here, and only what
// comes back as committed is dispatched. The store of an engine without a journal is
// NullCommitStage; the journal thread takes this place later, and the simulation's stage delays,
// batches and fails. Called under the monitor; must not block.

#include <cstddef>
#include <cstdint>
#include <span>

#include "veltrix/event/slot.hpp"

namespace veltrix {

class CommitSink {
 public:
  virtual void committed(std::span<Slot* const> slots, std::int64_t now) = 0;
  /// Could not be stored. Never called with follow-ups: what a handler did is not undone.
  virtual void refused(std::span<Slot* const> slots, std::int64_t now) = 0;

 protected:
  ~CommitSink() = default;
};

class CommitStage {
 public:
  virtual ~CommitStage() = default;
  virtual void append(std::span<Slot* const> slots, std::int64_t now, CommitSink& sink) = 0;
  /// Hands out what has been decided since; called at every visit.
  virtual void poll(std::int64_t now, CommitSink& sink) = 0;
  virtual std::size_t pending() const noexcept = 0;
};

class NullCommitStage final : public CommitStage {
 public:
  void append(std::span<Slot* const> slots, std::int64_t now, CommitSink& sink) override {
    sink.committed(slots, now);
  }
  void poll(std::int64_t, CommitSink&) override {}
  std::size_t pending() const noexcept override { return 0; }
};

}  // namespace veltrix
