#pragma once
// Hands the machine's notices to a Python function, on a native thread of its own, so that nobody
// who settles, publishes or holds a lock waits for a log. The thread sleeps until housekeeping says
// that something is there.

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "veltrix/engine/monitor.hpp"

#include "bindings/py_ref.hpp"

namespace veltrix {

class Reporter {
 public:
  explicit Reporter(Monitor& monitor) : monitor_(monitor) {}
  ~Reporter();

  /// Under the GIL, before start(): a function of a list of tuples (kind, queue or None, code,
  /// text, event id, event type, attempts, left out). Without one there is no thread and no notice.
  void set(PyObject* report);
  void start();

  /// Tells what is left and ends the thread, which has so long to return from Python. False: it has
  /// not. Again: waits again. Without the GIL.
  bool stop(std::int64_t patience_ns) noexcept;
  /// Under the GIL, when the thread has ended.
  void drop_references() noexcept { report_.reset(); }

 private:
  void loop() noexcept;
  bool take(bool last);
  void deliver(PyThreadState* state);
  void call();

  Monitor& monitor_;
  PyRef report_;
  std::vector<Notice> batch_;  // the thread's own
  std::atomic<bool> stop_{false};
  std::atomic<bool> ended_{true};
  Gate ending_;
  std::mutex join_mutex_;
  std::thread thread_;               // GUARDED_BY(join_mutex_) once it runs
  std::atomic<std::thread::id> id_;  // of who is inside loop()
};

}  // namespace veltrix
