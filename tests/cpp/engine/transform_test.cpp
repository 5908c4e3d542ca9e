#include "veltrix/engine/transform.hpp"

#include <gtest/gtest.h>

#include "veltrix/engine/sink_handler.hpp"
#include "veltrix/engine/transform_handler.hpp"
#include "veltrix/event/json_writer.hpp"

#include "cpp/engine/small_plan.hpp"
#include "cpp/engine/waiting.hpp"

namespace veltrix {
namespace {

EventFields order(std::string_view json) {
  EventFields fields = event_of("order");
  fields.id = "o-1";
  fields.given_id = true;
  fields.source = "/shop";
  fields.data_kind = json.empty() ? DataKind::kNone : DataKind::kJson;
  fields.data = json;
  return fields;
}

struct Changed {
  std::string error;
  std::string type, key, data;
};

Changed change(const TransformOptions& options, std::string_view json) {
  QueueOptions queue;
  queue.name = "clean";
  queue.transform = options;
  const auto transform = Transform::compile(queue);
  EXPECT_TRUE(transform) << transform.error().message;
  Slot* const slot = build_slot(nullptr, order(json)).value();
  TransformScratch scratch;
  EventFields out;
  const auto done = (*transform)->apply(EventView(*slot), "order", scratch, out);
  Changed changed{done ? "" : done.error(), std::string(out.type), std::string(out.partition_key),
                  std::string(out.data)};
  release(slot);
  return changed;
}

constexpr std::string_view kOrder = R"({"amount":7,"customer":{"name":"ada"},"secret":1})";

TEST(Transform, ChangesTypeKeyAndData) {
  TransformOptions options;
  options.type = R"('order.' + data.customer.name)";
  options.key = "data.amount";
  options.drop = {"data.secret", "nothing"};
  options.set = {{"amount", "data.amount * 2"},
                 {"data.customer.old", "data.amount"},  // the event as it came
                 {"made.here", "[event.type, 1.0]"}};
  const Changed changed = change(options, kOrder);
  EXPECT_EQ(changed.error, "");
  EXPECT_EQ(changed.type, "order.ada");
  EXPECT_EQ(changed.key, "7");
  EXPECT_EQ(changed.data,
            R"({"amount":14,"customer":{"name":"ada","old":7},"made":{"here":["order",1.0]}})");
}

TEST(Transform, KeepsWhatItDoesNotChange) {
  TransformOptions options;
  options.key = "null";
  const Changed changed = change(options, kOrder);
  EXPECT_EQ(changed.type, "order");
  EXPECT_EQ(changed.key, "");
  EXPECT_EQ(changed.data, kOrder);
}

TEST(Transform, MakesDataWhereThereIsNone) {
  TransformOptions options;
  options.set = {{"a", "1"}};
  EXPECT_EQ(change(options, "").data, R"({"a":1})");
  TransformOptions drops;
  drops.drop = {"a"};
  EXPECT_EQ(change(drops, "").data, "");
}

TEST(Transform, SaysWhatHasNoValue) {
  const std::pair<TransformSet, const char*> cases[] = {
      {{"a", "data.amount / 0"}, "set a: data.amount / 0: division by zero"},
      {{"a", "data.missing"}, "set a: data.missing: no member 'missing' in data"},
      {{"a", "double('nan')"}, "set a: its value, a double, has no form in JSON"},
      {{"a", "type(1)"}, "set a: its value, a type, has no form in JSON"},
      {{"amount.a", "1"}, "data.amount is a number, no object to set a member of"},
  };
  for (const auto& [set, expected] : cases) {
    TransformOptions options;
    options.set = {set};
    const std::string error = change(options, kOrder).error;
    EXPECT_TRUE(error.starts_with(expected)) << error;
  }
  TransformOptions no_text;
  no_text.type = "data.amount";
  EXPECT_EQ(change(no_text, kOrder).error, "type: an event's type is a text that is not empty");
}

TEST(Transform, RefusesOptionsWithTheirPlace) {
  const std::pair<TransformOptions, const char*> cases[] = {
      {{"data.x >", {}, {}, "", true}, "queue 'clean': transform.type: column 9"},
      {{"", {}, {}, "1 +", true}, "queue 'clean': transform.key: column 4"},
      {{"", {{"a", "1 +"}}, {}, "", true}, "queue 'clean': transform.set a: column 4"},
      {{"", {{"a", "1"}, {"data.a", "2"}}, {}, "", true}, "queue 'clean': transform.set: 'a' is"},
      {{"", {}, {"a..b"}, "", true}, "queue 'clean': transform.drop: 'a..b' is no path"},
  };
  for (const auto& [options, expected] : cases) {
    QueueOptions queue;
    queue.name = "clean";
    queue.transform = options;
    const auto made = Transform::compile(queue);
    ASSERT_FALSE(made) << expected;
    EXPECT_TRUE(made.error().message.starts_with(expected)) << made.error().message;
  }
}

// The handlers.

std::unique_ptr<Transform> doubling() {
  QueueOptions queue;
  queue.name = "order";
  queue.transform.type = "'order.clean'";
  queue.transform.set = {{"amount", "data.amount * 2"}};
  return Transform::compile(queue).value();
}

/// One event as JSON, and what became of its queue.
EngineStatistics run(SmallPlan& plan, std::string_view json) {
  auto engine = plan.started();
  EventFields fields = order(json);
  fields.correlation_id = "c";
  EXPECT_TRUE(engine->monitor().open_producer().publish(fields));
  EXPECT_TRUE(engine->drain(kPatience).drained);
  EXPECT_TRUE(engine->stop(0));
  return engine->statistics();
}

TEST(TransformHandler, PublishesAFollowUpThatIsRoutedAgain) {
  std::vector<std::string> got;
  SmallPlan plan;
  plan.queue("order", std::make_unique<TransformHandler>(doubling()));
  plan.queue("order.clean", [&](Delivery& delivery, Settler& settler) {
    append_event_json(EventView(*delivery.slot),
                      settler.producer().monitor().types.text(delivery.slot->type),
                      got.emplace_back());
    return Outcome::done();
  });
  const EngineStatistics statistics = run(plan, R"({"amount":4})");
  EXPECT_EQ(statistics.queues[0].done, 1U);
  EXPECT_EQ(statistics.queues[1].done, 1U);
  EXPECT_EQ(statistics.follow_ups, 1U);
  ASSERT_EQ(got.size(), 1U);
  for (const char* part :
       {R"("type":"order.clean")", R"("data":{"amount":8})", R"("source":"/shop")",
        R"("causationid":"o-1")", R"("correlationid":"c")"}) {
    EXPECT_NE(got[0].find(part), std::string::npos) << part << " in " << got[0];
  }
  EXPECT_EQ(got[0].find(R"("id":"o-1")"), std::string::npos) << "an id of its own";
}

TEST(TransformHandler, BuriesWithoutRetriesWhatHasNoValue) {
  SmallPlan plan;
  plan.queue("order", std::make_unique<TransformHandler>(doubling()));
  const EngineStatistics statistics = run(plan, "[]");
  EXPECT_EQ(statistics.queues[0].dead_by_reason.at("transform_error"), 1U);
  EXPECT_EQ(statistics.queues[0].retried, 0U);
}

TEST(TransformHandler, BuriesWhatNoRouteMayTake) {
  SmallPlan plan;
  plan.options.engine.unmatched = Unmatched::kReject;
  plan.queue("order", std::make_unique<TransformHandler>(doubling()));
  const EngineStatistics statistics = run(plan, R"({"amount":4})");
  EXPECT_EQ(statistics.queues[0].dead_by_reason.at("transform_error"), 1U);
}

TEST(TransformHandler, EndsWhereAnEventComesBackForEver) {
  QueueOptions same;
  same.name = "order";
  same.transform.set = {{"n", "data.n + 1"}};
  SmallPlan plan;
  plan.queue("order", std::make_unique<TransformHandler>(Transform::compile(same).value()));
  const EngineStatistics statistics = run(plan, R"({"n":0})");
  EXPECT_EQ(statistics.queues[0].done, kMaxHops + 1);
}

class TextSink final : public Sink {
 public:
  explicit TextSink(std::vector<std::string>& lines) : lines_(lines) {}
  Result<void> open() override { return {}; }
  Result<void> write(const EventView& event, std::string_view type) override {
    append_event_json(event, type, lines_.emplace_back());
    return {};
  }
  Result<void> flush() override { return {}; }
  Result<void> close() override { return {}; }

 private:
  std::vector<std::string>& lines_;
};

TEST(SinkHandler, WritesTheChangedEventUnderItsOwnId) {
  std::vector<std::string> lines;
  SmallPlan plan;
  plan.queue("order", std::make_unique<SinkHandler>(std::make_unique<TextSink>(lines), doubling()));
  EXPECT_EQ(run(plan, R"({"amount":4})").queues[0].done, 1U);
  ASSERT_EQ(lines.size(), 1U);
  for (const char* part : {R"("type":"order.clean")", R"("data":{"amount":8})", R"("id":"o-1")"}) {
    EXPECT_NE(lines[0].find(part), std::string::npos) << part << " in " << lines[0];
  }
}

TEST(SinkHandler, BuriesWhatItsTransformCannotChange) {
  std::vector<std::string> lines;
  SmallPlan plan;
  plan.queue("order", std::make_unique<SinkHandler>(std::make_unique<TextSink>(lines), doubling()));
  const EngineStatistics statistics = run(plan, R"({"amount":"x"})");
  EXPECT_EQ(statistics.queues[0].dead_by_reason.at("transform_error"), 1U);
  EXPECT_TRUE(lines.empty());
}

}  // namespace
}  // namespace veltrix
