#pragma once
// How publish takes room for an event, and waits for it where a queue is full.

#include "bindings/engine_state.hpp"

namespace veltrix {

enum class Patience : std::uint8_t {
  kAsTheQueueSays,
  kNone,  // a queue that blocks is full at once
  kTry,   // the same, and no error
};

/// Room in all queues of the slot, waiting as they say. False: there is none, and a Python error is
/// set unless the engine has been stopped meanwhile, or it was but a try.
bool make_room(EngineState& state, Slot& slot, Patience patience);
/// kEngineStopped as a Python error, if nothing is taken in.
bool refuse_closed(EngineState& state);
/// Whether this thread may publish: while the engine drains only from inside its handlers.
bool is_open(EngineState& state);
/// stop() closes the door under the GIL: what is pushed after this look, without letting go of the
/// GIL, is seen by its drain. False: a Python error is set.
bool still_open(EngineState& state);

}  // namespace veltrix
