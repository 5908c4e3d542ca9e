#pragma once
// Plans, events and handlers for the tests of this room: a queue, its route and its handler in one
// line. A queue takes the events of the type that has its name.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "veltrix/engine/engine.hpp"
#include "veltrix/engine/producer.hpp"

namespace veltrix {

/// Runs a function for each delivery; what it returns is the outcome.
class FunctionHandler final : public Handler {
 public:
  using Function = std::function<Outcome(Delivery&, Settler&)>;
  explicit FunctionHandler(Function function) : function_(std::move(function)) {}

  void run(Batch& batch, Settler& settler) noexcept override {
    while (Delivery* delivery = batch.next()) {
      Outcome outcome = function_(*delivery, settler);
      if (outcome.kind == OutcomeKind::kDone && outcome.follow_ups == nullptr) {
        settler.done(*delivery);
      } else {
        settler.settle(*delivery, std::move(outcome));
      }
    }
  }

 private:
  Function function_;
};

struct SmallPlan {
  PlanOptions options;
  std::vector<QueueHandler> handlers;

  /// The queue's options, to be changed until the next queue is added.
  QueueOptions& queue(const std::string& name, std::unique_ptr<Handler> handler,
                      std::uint8_t pool = kNativePool) {
    RouteOptions& route = options.routes.emplace_back();
    route.name = route.to = name;
    route.type = {name};
    handlers.push_back({std::move(handler), pool});
    QueueOptions& queue = options.queues.emplace_back();
    queue.name = name;
    return queue;
  }
  QueueOptions& queue(const std::string& name, FunctionHandler::Function function,
                      std::uint8_t pool = kNativePool) {
    return queue(name, std::make_unique<FunctionHandler>(std::move(function)), pool);
  }
  /// Whose events are done at once.
  QueueOptions& queue(const std::string& name, std::uint8_t pool = kNativePool) {
    return queue(
        name, [](Delivery&, Settler&) { return Outcome::done(); }, pool);
  }

  /// Nothing but the monitor; `pools`: how many executors of each pool may be at work at once.
  std::unique_ptr<Monitor> monitor(std::vector<Dispatcher::Pool> pools = {{1}, {1}}) const {
    std::vector<Dispatcher::QueuePlan> queues;
    for (std::size_t i = 0; i < handlers.size(); ++i) {
      queues.push_back({options.queues[i], handlers[i].pool});
    }
    auto machine = std::make_unique<Machine>(machine_options(options.engine, 1), std::move(queues),
                                             std::move(pools), std::make_unique<NullCommitStage>());
    return std::make_unique<Monitor>(Plan::compile(options, 1).value(), std::move(machine), "test");
  }
  Result<std::unique_ptr<Engine>> engine() {
    static ThreadHooks no_hooks;
    return Engine::create(options, std::move(handlers), no_hooks);
  }
  /// A running one.
  std::unique_ptr<Engine> started() {
    auto made = engine();
    EXPECT_TRUE(made) << made.error().message;
    auto begun = (*made)->start();
    EXPECT_TRUE(begun) << begun.error().message;
    return std::move(*made);
  }
};

inline EventFields event_of(std::string_view type, std::string_view key = "",
                            std::string_view bytes = "") {
  EventFields fields;
  fields.type = type;
  fields.partition_key = key;
  if (!bytes.empty()) {
    fields.data_kind = DataKind::kBytes;
    fields.data = bytes;
  }
  return fields;
}

inline Outcome failed(OutcomeKind kind = OutcomeKind::kRetry) {
  return Outcome::failed(kind, "broken", "on purpose");
}

/// Publishes `count` events and expects all of them to be taken.
inline void publish_all(Producer& producer, int count, std::string_view type,
                        std::string_view key = "") {
  for (int i = 0; i < count; ++i) {
    EventFields fields = event_of(type, key);
    ASSERT_TRUE(producer.publish(fields));
  }
}

}  // namespace veltrix
