// `_core.LoopPool`: what veltrix.loops drives an event loop with.

#include <algorithm>

#include <poll.h>

#include "veltrix/base/clock.hpp"

#include "bindings/bind_engine.hpp"
#include "bindings/classes.hpp"
#include "bindings/gil_arbiter.hpp"
#include "bindings/loop_run.hpp"
#include "bindings/python_attach.hpp"

namespace veltrix {

namespace {

constexpr std::uint8_t kDefaultPriority = 4;

class PyLoopPool {
 public:
  explicit PyLoopPool(EngineStatePtr state) : state_(std::move(state)) {}

  int fileno() const { return pool().fd(); }

  py::object begin(const py::object& look) {
    Worker* worker = pool().begin();
    if (worker == nullptr) return py::none();
    PyObject* run = new_loop_run(state_, *worker, look.ptr());
    if (run == nullptr) throw py::error_already_set();
    return py::reinterpret_steal<py::object>(run);
  }

  /// Waits until `fd` is readable, for `timeout` seconds at most (below 0: for ever), in the
  /// arbiter's order; at 0 it gives other threads their turn where one is due.
  void wait(int fd, double timeout) {
    GilArbiter& arbiter = GilArbiter::instance();
    if (timeout == 0 && arbiter.may_keep(attached_ns_)) return;
    PyThreadState* thread = PyThreadState_Get();
    arbiter.release();
    if (timeout != 0) {
      pollfd one{fd, POLLIN, 0};
      const double ms = timeout < 0 ? -1 : std::min(timeout * 1e3 + 0.999, 1e8);
      (void)poll(&one, 1, static_cast<int>(ms));
    }
    const std::uint32_t word = state_->monitor().urgent[kLoopPool].load(std::memory_order_relaxed);
    arbiter.acquire(thread, word != 0 ? static_cast<std::uint8_t>(word - 1) : kDefaultPriority);
    attached_ns_ = steady_ns();
  }

  bool rest() const { return pool().rest(); }
  bool stopping() const { return pool().stopping(); }
  bool take_fenced() const { return pool().take_fenced(); }
  void lend(const py::object& loop) { state_->loop = loop.ptr(); }
  void finish() const {
    state_->loop = nullptr;
    pool().finish();
  }
  void set_resources(const py::object& resources) {
    state_->loop_thread.resources = PyRef::borrow(resources.ptr());
  }

 private:
  LoopPool& pool() const { return *state_->engine->loop_pool(); }
  EngineStatePtr state_;
  std::int64_t attached_ns_ = 0;
};

}  // namespace

py::object new_loop_pool(const EngineStatePtr& state) {
  if (state->engine->loop_pool() == nullptr) return py::none();
  return py::cast(PyLoopPool(state));
}

namespace {

/// On the loop's own thread.
void run_loop(const EngineStatePtr& state) {
  attach(this_python_thread().state);
  enter_python([&] {
    const py::object pool = new_loop_pool(state);
    const PyRef host = PyRef::borrow(state->loop_host.get());
    const PyRef done = PyRef::steal(PyObject_CallOneArg(host.get(), pool.ptr()));
    if (!done) PyErr_WriteUnraisable(host.get());
  });
  PyEval_SaveThread();
}

}  // namespace

void host_loop(const EngineStatePtr& state, const py::object& host) {
  LoopPool* pool = state->engine->loop_pool();
  if (pool == nullptr) return;
  state->loop_host = PyRef::borrow(host.ptr());
  // Weak: the state owns the engine, which keeps this function.
  pool->set_host([weak = std::weak_ptr<EngineState>(state)] { run_loop(weak.lock()); });
}

void bind_loop(py::module_& module) {
  bind_loop_run(module);
  py::class_<PyLoopPool>(module, "LoopPool", "The engine's half of an event loop.")
      .def("fileno", &PyLoopPool::fileno, "Readable when there may be something to do.")
      .def("begin", &PyLoopPool::begin, py::arg("look"), "A LoopRun, or None: nothing is ready.")
      .def("wait", &PyLoopPool::wait, py::arg("fd"), py::arg("timeout"))
      .def("rest", &PyLoopPool::rest, "False: look again before the loop waits.")
      .def("stopping", &PyLoopPool::stopping)
      .def("take_fenced", &PyLoopPool::take_fenced, "Whether an attempt was given up.")
      .def("set_resources", &PyLoopPool::set_resources, py::arg("resources"))
      .def("lend", &PyLoopPool::lend, py::arg("loop"), "Whose loop runs the handlers.")
      .def("finish", &PyLoopPool::finish, "The loop is done with the engine.");
}

}  // namespace veltrix
