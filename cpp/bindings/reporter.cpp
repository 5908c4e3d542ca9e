#include "bindings/reporter.hpp"

#include "veltrix/base/thread_name.hpp"
#include "veltrix/dispatch/dead_letters.hpp"

#include "bindings/forks.hpp"
#include "bindings/gil_arbiter.hpp"
#include "bindings/python_text.hpp"

namespace veltrix {

namespace {

const char* name_of(NoticeKind kind) {
  static constexpr const char* kNames[] = {"dead_letter", "warning", "lost"};
  return kNames[static_cast<std::size_t>(kind)];
}

py::tuple row_of(Monitor& monitor, const Notice& notice) {
  const bool of_queue = notice.kind != NoticeKind::kLost && notice.queue != kNoQueue;
  const std::string_view type = notice.type_id == kNoType ? std::string_view(notice.type)
                                                          : monitor.types.text(notice.type_id);
  return py::make_tuple(
      name_of(notice.kind),
      of_queue ? py::object(python_text(monitor.options(notice.queue).name)) : py::none(),
      python_text(notice.code), python_text(notice.text),
      notice.only_count ? py::object(py::none()) : python_text(notice.id), python_text(type),
      notice.attempts, notice.left_out);
}

}  // namespace

Reporter::~Reporter() {
  // Never started, or ended and joined: an engine that runs is held by the registry.
  if (Py_IsInitialized() == 0 || PyGILState_Check() == 0) report_.release();
}

void Reporter::set(PyObject* report) { report_ = PyRef::borrow(report); }

void Reporter::start() {
  if (!report_ || thread_.joinable() || stop_.load()) return;
  monitor_.lock();
  monitor_.machine().notices().listen();
  monitor_.unlock();
  ended_.store(false);
  thread_ = std::thread([this] { loop(); });
}

bool Reporter::stop(std::int64_t patience_ns) noexcept {
  stop_.store(true);
  monitor_.notices.notify();
  const std::int64_t until = steady_ns() + patience_ns;
  while (!ended_.load()) {
    const std::uint32_t ticket = ending_.prepare();
    const std::int64_t left = until - steady_ns();
    const bool inside = std::this_thread::get_id() == id_.load();
    if (ended_.load() || left <= 0 || inside) {
      ending_.cancel();
      if (!ended_.load()) return false;
      break;
    }
    ending_.wait(ticket, left);
  }
  const std::lock_guard guard(join_mutex_);
  if (thread_.joinable()) thread_.join();
  return true;
}

void Reporter::loop() noexcept {
  id_.store(std::this_thread::get_id());
  block_signals();
  name_this_thread("vx-reporter");
  PyThreadState* state = new_thread_state();
  while (true) {
    const std::uint32_t ticket = monitor_.notices.prepare();
    const bool last = stop_.load();
    if (take(last)) {
      monitor_.notices.cancel();
      deliver(state);
    } else if (last) {
      monitor_.notices.cancel();
      break;
    } else {
      monitor_.notices.wait(ticket, kSecond);
    }
  }
  attach(state);
  PyThreadState_Clear(state);
  PyThreadState_DeleteCurrent();
  ended_.store(true);
  ending_.notify();
}

bool Reporter::take(bool last) {
  batch_.clear();
  monitor_.lock();
  Notices& notices = monitor_.machine().notices();
  if (last) notices.tell_left_out(monitor_.now(), true);
  notices.take(batch_);
  monitor_.unlock();
  return !batch_.empty();
}

void Reporter::deliver(PyThreadState* state) {
  GilArbiter::instance().acquire(state, 0);
  try {
    call();
  } catch (py::error_already_set& error) {
    error.discard_as_unraisable("veltrix: the report of dead letters");
  }
  GilArbiter::instance().release();
}

void Reporter::call() {
  py::list rows;
  for (const Notice& notice : batch_) rows.append(row_of(monitor_, notice));
  PyObject* result = enter_python([&] { return PyObject_CallOneArg(report_.get(), rows.ptr()); });
  if (result == nullptr) throw py::error_already_set();
  Py_DECREF(result);
}

}  // namespace veltrix
