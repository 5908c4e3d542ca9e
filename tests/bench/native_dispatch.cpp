// Native publish -> native handler, against moodycamel's queue alone. Both: one producer with a
// token, events one by one, one consumer; rounds alternate, the first is dropped.
//
//   vx_bench_native_dispatch COUNT ROUNDS
//
// prints {"moodycamel": [events/s …], "engine": [events/s …]}. moodycamel moves pointers that
// nobody looks at; the engine makes each event with an id, routes it, counts it against its
// queue's capacity, gives it a sequence number, and its handler reads two fields.

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <concurrentqueue/concurrentqueue.h>

#include "veltrix/engine/engine.hpp"

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kBulk = 256;  // the engine's door is drained in bulks, too
constexpr std::string_view kPayload =
    R"({"amount":417,"currency":"EUR","customer":"c-001","region":"eu"})";

double rate(std::uint64_t count, Clock::time_point begin) {
  return static_cast<double>(count) / std::chrono::duration<double>(Clock::now() - begin).count();
}

double moodycamel_alone(std::uint64_t count) {
  moodycamel::ConcurrentQueue<void*> queue;
  int event = 0;
  const auto begin = Clock::now();
  std::thread consumer([&] {
    moodycamel::ConsumerToken token(queue);
    std::array<void*, kBulk> taken{};
    for (std::uint64_t seen = 0; seen < count;) {
      seen += queue.try_dequeue_bulk(token, taken.data(), taken.size());
    }
  });
  moodycamel::ProducerToken token(queue);
  for (std::uint64_t i = 0; i < count; ++i) queue.enqueue(token, &event);
  consumer.join();
  return rate(count, begin);
}

class ReadTwoFields final : public veltrix::Handler {
 public:
  explicit ReadTwoFields(std::uint64_t& bytes) : bytes_(bytes) {}

  void run(veltrix::Batch& batch, veltrix::Settler& settler) noexcept override {
    while (veltrix::Delivery* delivery = batch.next()) {
      bytes_ += delivery->slot->data_size + delivery->slot->type;
      settler.done(*delivery);
    }
  }

 private:
  std::uint64_t& bytes_;
};

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

std::unique_ptr<veltrix::Engine> make_engine(std::uint64_t& bytes) {
  static veltrix::ThreadHooks no_hooks;
  veltrix::PlanOptions options;
  options.queues.emplace_back().name = "orders";
  veltrix::RouteOptions& route = options.routes.emplace_back();
  route.name = "all";
  route.type = {"order.created"};
  route.to = "orders";
  std::vector<veltrix::QueueHandler> handlers;
  handlers.push_back({std::make_unique<ReadTwoFields>(bytes), veltrix::kNativePool});
  auto engine = veltrix::Engine::create(options, std::move(handlers), no_hooks);
  if (!engine) give_up(engine.error().message);
  if (auto started = (*engine)->start(); !started) give_up(started.error().message);
  return std::move(*engine);
}

double engine(std::uint64_t count) {
  std::uint64_t bytes = 0;
  const auto engine = make_engine(bytes);
  veltrix::Producer& producer = engine->monitor().open_producer();
  veltrix::EventFields fields;
  fields.type = "order.created";
  fields.data_kind = veltrix::DataKind::kBytes;
  fields.data = kPayload;
  const auto begin = Clock::now();
  for (std::uint64_t i = 0; i < count; ++i) {
    fields.has_time = false;  // publish fills in id and time; the rest stays as it is
    if (auto published = producer.publish(fields); !published) {
      give_up(published.error().message);
    }
  }
  engine->drain(-1);
  const double result = rate(count, begin);
  const std::uint64_t done = engine->statistics().queues.front().done;
  if (done != count) give_up(std::to_string(done) + " events were handled");
  return result;
}

void print(const char* name, const std::vector<double>& figures, const char* end) {
  std::printf("\"%s\": [", name);
  for (std::size_t i = 0; i < figures.size(); ++i) {
    std::printf("%s%.0f", i == 0 ? "" : ", ", figures[i]);
  }
  std::printf("]%s", end);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) give_up("usage: vx_bench_native_dispatch COUNT ROUNDS");
  const auto count = static_cast<std::uint64_t>(std::atoll(argv[1]));
  const int rounds = std::atoi(argv[2]);
  std::vector<double> alone;
  std::vector<double> through;
  for (int round = 0; round <= rounds; ++round) {
    const double first = moodycamel_alone(count);
    const double second = engine(count);
    if (round == 0) continue;  // warm-up
    alone.push_back(first);
    through.push_back(second);
  }
  std::printf("{");
  print("moodycamel", alone, ", ");
  print("engine", through, "}\n");
  return 0;
}
