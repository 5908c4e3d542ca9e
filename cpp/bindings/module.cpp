// The extension module `veltrix._core`: what each bind_* adds stands in the file of that name.

#include "bindings/bind_engine.hpp"
#include "bindings/bind_expression.hpp"
#include "bindings/bind_options.hpp"
#include "bindings/bind_statistics.hpp"
#include "bindings/bind_worker.hpp"
#include "bindings/classes.hpp"
#include "bindings/context_object.hpp"
#include "bindings/current_attempt.hpp"
#include "bindings/engine_state.hpp"
#include "bindings/event_object.hpp"
#include "bindings/publisher.hpp"
#include "bindings/receipt_object.hpp"
#include "bindings/references.hpp"

PYBIND11_MODULE(_core, module, py::mod_gil_used()) {
  module.doc() = "The native core of veltrix. Private: import veltrix instead.";
  module.attr("__version__") = VELTRIX_VERSION;
  veltrix::install_reference_hooks();
  veltrix::bind_classes(module);
  veltrix::bind_event(module);
  veltrix::bind_receipt(module);
  veltrix::bind_publisher(module);
  veltrix::bind_context(module);
  veltrix::bind_current_attempt(module);
  veltrix::bind_expression_check(module);
  veltrix::bind_expression(module);
  veltrix::bind_options(module);  // before the engines, whose signatures name them
  veltrix::bind_explain(module);
  veltrix::bind_records(module);
  veltrix::bind_watch(module);
  veltrix::bind_loop(module);
  veltrix::bind_engine(module);
  veltrix::bind_step_engine(module);
  veltrix::bind_statistics(module);
  veltrix::bind_worker(module);
  veltrix::bind_registry(module);
}
