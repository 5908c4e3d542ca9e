#pragma once
// From a pipeline's options and its Python handlers to an engine that can start.

#include <map>

#include "bindings/bind_options.hpp"
#include "bindings/engine_state.hpp"
#include "bindings/python_handler.hpp"

namespace veltrix {

using HandlerSpecs = std::map<std::string, HandlerSpec>;

/// Opens sources and sinks. Throws the error of whatever cannot be made.
EngineStatePtr make_engine(const PipelineOptions& options, const HandlerSpecs& specs);
/// The same plan and handlers on a step engine; sinks and sources stay out of it.
EngineStatePtr make_step_engine(const PipelineOptions& options, const HandlerSpecs& specs,
                                std::uint64_t seed);

}  // namespace veltrix
