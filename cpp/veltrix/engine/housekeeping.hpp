#pragma once
// A thread that looks in when everybody else may be busy: lets timers and the door advance while
// all executors sit in long handlers, finds handlers that do not return and gives their pool
// another slot, wakes whoever sleeps beside ready work. Try-lock only: if somebody is inside,
// nothing is late.

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "veltrix/base/parker.hpp"
#include "veltrix/base/thread_cpu.hpp"
#include "veltrix/engine/runner.hpp"

namespace veltrix {

class Housekeeping {
 public:
  Housekeeping(Monitor& monitor, std::vector<std::unique_ptr<Runner>>& runners)
      : monitor_(monitor), runners_(runners) {}
  void start();
  void stop();
  std::int64_t cpu_ns() const noexcept { return cpu_.ns(); }

 private:
  void loop();
  void tick();

  Monitor& monitor_;
  std::vector<std::unique_ptr<Runner>>& runners_;
  Parker parker_;
  Released released_;
  std::atomic<bool> stop_{false};
  bool busy_ = false;  // something is in flight: look again soon
  ThreadCpu cpu_;
  std::thread thread_;
};

}  // namespace veltrix
