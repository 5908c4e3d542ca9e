#pragma once
// What a stopped engine still holds when it goes: events that nobody ran.

#include "veltrix/engine/monitor.hpp"

namespace veltrix {

/// Gives back the slots of everything at the door and in the queues. Slab slots would go with the
/// slab; large events are heap blocks of their own. When no thread uses the engine any more.
void release_leftovers(Monitor& monitor);

}  // namespace veltrix
