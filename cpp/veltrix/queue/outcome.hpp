#pragma once
// What one attempt came to. Made by handlers, sinks and the step engine; judged by dispatch
// (Settlement), which may turn a retry into a dead letter. Done, the common case, owns nothing.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "veltrix/event/slot.hpp"

namespace veltrix {

enum class OutcomeKind : std::uint8_t { kDone, kRetry, kDead, kDrop };

/// Why an attempt was not done. `code` is short and becomes the reason in ledgers and metrics
/// ("ValueError", "expired"); `text` is for people, at most kMaxErrorText bytes.
struct Failure {
  std::string code;
  std::string text;
};

struct Outcome {
  OutcomeKind kind = OutcomeKind::kDone;
  std::int64_t retry_after = -1;     // ns; -1: the queue's backoff
  std::unique_ptr<Failure> failure;  // null when done
  // Follow-up events, routed and ready for admission; null when there are none.
  std::unique_ptr<std::vector<Slot*>> follow_ups;

  static Outcome done() { return {}; }
  static Outcome failed(OutcomeKind kind, std::string code, std::string text) {
    Outcome outcome;
    outcome.kind = kind;
    outcome.failure = std::make_unique<Failure>(Failure{std::move(code), std::move(text)});
    return outcome;
  }
};

}  // namespace veltrix
