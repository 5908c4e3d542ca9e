#pragma once
// The whole of a pipeline as Python hands it over: the plan, and the connectors at its ends.

#include "bindings/python.hpp"

#include <string>
#include <vector>

#include "veltrix/connect/jsonl/record_reader.hpp"
#include "veltrix/engine/engine_options.hpp"

namespace veltrix {

struct SourceOptions {
  std::string name;
  std::string connector = "jsonl";
  std::vector<std::string> path;  // files, patterns, "-"
  std::uint8_t priority = kNoPriority;
  std::string rejects;         // file for malformed records; "" = none
  std::uint32_t parallel = 0;  // 1 … 16: threads; 0: as its input suggests
  EnvelopeOptions envelope;    // nothing mapped: CloudEvents
  std::string where;           // which records become events; "" = all
  std::string pattern;         // of `lines`
};

struct SinkOptions {
  std::string name;
  std::string connector = "jsonl";
  std::string path;
};

struct PipelineOptions {
  EngineOptions engine;
  std::vector<QueueOptions> queues;
  std::vector<RouteOptions> routes;
  std::vector<SourceOptions> sources;
  std::vector<SinkOptions> sinks;
};

/// How the source reads its records.
RecordOptions records_of(const SourceOptions& source);

void bind_options(py::module_& module);
void bind_records(py::module_& module);
void bind_explain(py::module_& module);

}  // namespace veltrix
