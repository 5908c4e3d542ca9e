#pragma once
// A commit stage that takes its time, decides in batches, and sometimes cannot store one. It
// commits in the order of appending, never refuses a follow-up, and writes down what it was given
// and what it said.

#include <deque>
#include <functional>
#include <vector>

#include "veltrix/dispatch/commit_stage.hpp"

#include "simulation/dice.hpp"
#include "simulation/reference/facts.hpp"
#include "simulation/scenario.hpp"

namespace veltrix::simulation {

class FlakyStage final : public CommitStage {
 public:
  using NumberOf = std::function<std::uint64_t(const Slot&)>;
  FlakyStage(const StageTraits& traits, std::uint64_t seed, std::deque<StageEntry>& log,
             NumberOf number_of)
      : traits_(traits), dice_(seed), log_(log), number_of_(std::move(number_of)) {}

  void append(std::span<Slot* const> slots, std::int64_t now, CommitSink& sink) override;
  void poll(std::int64_t now, CommitSink& sink) override;
  std::size_t pending() const noexcept override { return waiting_.size(); }
  /// When poll() has something to say next.
  std::int64_t next() const noexcept {
    return waiting_.empty() ? INT64_MAX : waiting_.front().decided_ns;
  }

 private:
  struct Waiting {
    Slot* slot;
    std::int64_t decided_ns;  // never before the one in front of it
    bool refused;
  };
  void say(StageEntry::Kind kind, std::vector<Slot*>& slots, std::int64_t now, CommitSink& sink);

  StageTraits traits_;
  Dice dice_;
  std::deque<StageEntry>& log_;
  NumberOf number_of_;
  std::deque<Waiting> waiting_;
};

}  // namespace veltrix::simulation
