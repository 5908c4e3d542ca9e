#pragma once
// Engine statistics and reports as plain Python values.

#include "bindings/engine_state.hpp"

namespace veltrix {

py::dict to_dict(const EngineStatistics& statistics);
py::dict to_dict(const DrainReport& report);
py::list sources_of(const EngineState& state);
py::list executors_of(const EngineState& state);
/// Throws MemoryError where there is no memory for the copy.
py::object copied_event(const Slot& slot, std::string_view type);
void bind_statistics(py::module_& module);

}  // namespace veltrix
