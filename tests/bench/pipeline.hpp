#pragma once
// An engine of native queues in a few lines. A queue takes the events of the type that has its
// name.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "veltrix/engine/engine.hpp"

#include "bench/report.hpp"

namespace veltrix::bench {

struct Pipeline {
  PlanOptions options;
  std::vector<QueueHandler> handlers;

  /// The queue's options, to be changed until the next queue is added.
  QueueOptions& queue(const std::string& name, std::unique_ptr<Handler> handler) {
    RouteOptions& route = options.routes.emplace_back();
    route.name = route.to = name;
    route.type = {name};
    handlers.push_back({std::move(handler), kNativePool});
    QueueOptions& queue = options.queues.emplace_back();
    queue.name = name;
    return queue;
  }

  /// Not yet started: what is published waits at the door.
  std::unique_ptr<Engine> engine() {
    static ThreadHooks no_hooks;
    auto made = Engine::create(options, std::move(handlers), no_hooks);
    if (!made) give_up(made.error().message);
    return std::move(*made);
  }
  std::unique_ptr<Engine> started() {
    auto made = engine();
    start(*made);
    return made;
  }
  static void start(Engine& engine) {
    if (auto started = engine.start(); !started) give_up(started.error().message);
  }
};

/// Waits until nothing is in flight and gives up unless `count` events were done in all.
inline void finish(Engine& engine, std::uint64_t count) {
  engine.drain(-1);
  std::uint64_t done = 0;
  for (const QueueStatistics& queue : engine.statistics().queues) done += queue.done;
  require(done == count, std::to_string(done) + " of " + std::to_string(count) + " were handled");
}

}  // namespace veltrix::bench
