// `_core.Watch`: how an event loop learns that something may have changed: a receipt, or the room
// in a queue. Readable from then until clear().

#include "bindings/bind_engine.hpp"

namespace veltrix {

namespace {

class PyWatch {
 public:
  PyWatch(EngineStatePtr state, bool room)
      : state_(std::move(state)), gate_(room ? monitor().room : monitor().receipts) {
    gate_.watch(parker_);
  }
  ~PyWatch() { close(); }
  PyWatch(const PyWatch&) = delete;
  PyWatch& operator=(const PyWatch&) = delete;

  int fileno() const { return parker_.fd(); }
  void clear() { parker_.clear(); }
  void close() { gate_.unwatch(parker_); }

 private:
  Monitor& monitor() { return state_->monitor(); }
  EngineStatePtr state_;
  Gate& gate_;
  Parker parker_{Parker::Wake::kDescriptor};
};

}  // namespace

py::object new_watch(const EngineStatePtr& state, bool room) {
  return py::cast(std::make_unique<PyWatch>(state, room));
}

void bind_watch(py::module_& module) {
  py::class_<PyWatch>(module, "Watch", "Tells an event loop to look at its receipts, or for room.")
      .def("fileno", &PyWatch::fileno)
      .def("clear", &PyWatch::clear, "Before the look.")
      .def("close", &PyWatch::close);
}

}  // namespace veltrix
