#include "veltrix/engine/sink_handler.hpp"

#include <gtest/gtest.h>

#include "cpp/engine/small_plan.hpp"
#include "cpp/engine/waiting.hpp"

namespace veltrix {
namespace {

/// What the sink saw, and what it shall fail at. Outlives the engine that owns the sink.
struct Record {
  std::vector<std::string> types;  // of the events that were written
  int opened = 0;
  int flushes = 0;
  int closed = 0;
  int failing_writes = 0;  // so many fail before one succeeds
  int failing_flushes = 0;
};

class RecordingSink final : public Sink {
 public:
  explicit RecordingSink(Record& record) : record_(record) {}
  Result<void> open() override {
    ++record_.opened;
    return {};
  }
  Result<void> write(const EventView&, std::string_view type) override {
    if (record_.failing_writes > 0) {
      --record_.failing_writes;
      return fail(ErrorCode::kIo, "the disk is full");
    }
    record_.types.emplace_back(type);
    return {};
  }
  Result<void> flush() override {
    ++record_.flushes;
    if (record_.failing_flushes == 0) return {};
    --record_.failing_flushes;
    return fail(ErrorCode::kIo, "the disk is full");
  }
  Result<void> close() override {
    ++record_.closed;
    return {};
  }

 private:
  Record& record_;
};

QueueOptions& add_sink(SmallPlan& plan, Record& record) {
  QueueOptions& queue =
      plan.queue("a", std::make_unique<SinkHandler>(std::make_unique<RecordingSink>(record)));
  queue.retry.backoff = 0;
  return queue;
}

/// Everything published before the start, so that it comes in few batches; drained and stopped.
EngineStatistics run(SmallPlan& plan, int events, std::string_view key = "") {
  auto engine = plan.engine().value();
  engine->monitor().machine().dispatcher().queues()[0]->cost_ns = 100;
  publish_all(engine->monitor().open_producer(), events, "a", key);
  EXPECT_TRUE(engine->start());
  EXPECT_TRUE(engine->drain(kPatience).drained);
  EXPECT_TRUE(engine->stop(0));
  return engine->statistics();
}

TEST(SinkHandler, WritesEachEventAndFlushesOnceABatch) {
  Record record;
  SmallPlan plan;
  add_sink(plan, record);
  EXPECT_EQ(run(plan, 100).queues[0].done, 100U);
  EXPECT_EQ(record.types, std::vector<std::string>(100, "a"));
  EXPECT_GE(record.flushes, 1);
  EXPECT_LT(record.flushes, 100);
}

TEST(SinkHandler, RetriesTheEventThatCouldNotBeWritten) {
  Record record;
  record.failing_writes = 1;
  SmallPlan plan;
  add_sink(plan, record);
  const EngineStatistics statistics = run(plan, 10, "k");
  EXPECT_EQ(statistics.queues[0].done, 10U);
  EXPECT_EQ(statistics.queues[0].retried, 1U);
  EXPECT_EQ(record.types.size(), 10U);
}

TEST(SinkHandler, RetriesTheWholeBatchWhenTheFlushFails) {
  Record record;
  record.failing_flushes = 1;
  SmallPlan plan;
  add_sink(plan, record);
  const EngineStatistics statistics = run(plan, 10, "k");
  EXPECT_EQ(statistics.queues[0].done, 10U);
  EXPECT_EQ(statistics.queues[0].retried, record.types.size() - 10U) << "written twice";
  EXPECT_GE(statistics.queues[0].retried, 1U);
}

TEST(SinkHandler, BuriesWhatNeverGetsThrough) {
  Record record;
  record.failing_writes = 2;
  SmallPlan plan;
  add_sink(plan, record).retry.max_attempts = 2;
  const EngineStatistics statistics = run(plan, 1);
  EXPECT_EQ(statistics.queues[0].dead, 1U);
  EXPECT_EQ(statistics.queues[0].dead_by_reason.at("io"), 1U);
}

TEST(SinkHandler, OpensAndClosesTheSinkOnce) {
  Record record;
  SmallPlan plan;
  add_sink(plan, record);
  (void)run(plan, 1);  // the engine is stopped, then destroyed
  EXPECT_EQ(record.opened, 1);
  EXPECT_EQ(record.closed, 1);
}

TEST(SinkHandler, IsNotClosedWhenItWasNeverOpened) {
  Record record;
  SmallPlan plan;
  add_sink(plan, record);
  { const auto engine = plan.engine().value(); }
  EXPECT_EQ(record.opened, 0);
  EXPECT_EQ(record.closed, 0);
}

}  // namespace
}  // namespace veltrix
