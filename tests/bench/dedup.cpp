// What dedup costs per event while 8 million ids are alive: the same pipeline with and without it,
// ids given by the producer in both. The window holds SIZE ids, has been filled before the clock
// starts, and every further event makes one of them expire; the clock runs for SIZE events, one
// whole generation of the table, so its renewal is in the figure. SIZE: live ids.
//
// Afterwards ids are sent once more, from all over the window: each must be refused, so every one
// of them was alive.

#include "bench/numbered.hpp"
#include "bench/pipeline.hpp"

namespace {

using namespace veltrix;
using namespace veltrix::bench;

constexpr std::uint64_t kAgain = 1'000;

class ReadTwoFields final : public Handler {
 public:
  void run(Batch& batch, Settler& settler) noexcept override {
    while (Delivery* delivery = batch.next()) {
      sum_ += delivery->slot->type + number_of(*delivery);
      settler.done(*delivery);
    }
  }

 private:
  std::uint64_t sum_ = 0;
};

/// Publishes ids from `first` on and waits until they are done.
void publish_ids(Engine& engine, Publisher& publisher, std::uint64_t first, std::uint64_t count) {
  for (std::uint64_t id = first; id < first + count; ++id) {
    publisher.set_id(id);
    publisher.publish(0);
  }
  engine.drain(-1);
}

void check_window(Engine& engine, Publisher& publisher, std::uint64_t live) {
  const std::uint64_t again = std::min(kAgain, live);
  for (std::uint64_t i = 0; i < again; ++i) {
    publish_ids(engine, publisher, live + i * (live / again), 1);
  }
  const std::uint64_t refused = engine.statistics().duplicate;
  require(refused == again, std::to_string(refused) + " duplicates were found");
  publish_ids(engine, publisher, live - 1, 1);  // just behind the window
  require(engine.statistics().duplicate == again, "an id outlived its window");
}

double ns_per_event(std::uint64_t live, bool dedup) {
  Pipeline pipeline;
  pipeline.queue("order", std::make_unique<ReadTwoFields>());
  pipeline.options.engine.dedup_window = dedup ? 3'600 * kSecond : 0;
  pipeline.options.engine.dedup_events = live;
  const auto engine = pipeline.started();
  Publisher publisher(*engine, "order");
  publish_ids(*engine, publisher, 0, live);
  const std::int64_t begin = steady_ns();
  publish_ids(*engine, publisher, live, live);
  const auto took = static_cast<double>(steady_ns() - begin);
  finish(*engine, 2 * live);
  if (dedup) check_window(*engine, publisher, live);
  return took / static_cast<double>(live);
}

std::vector<Side> sides(std::uint64_t live) {
  return {
      [=](Report& r) { r.add("without", ns_per_event(live, false)); },
      [=](Report& r) { r.add("dedup", ns_per_event(live, true)); },
  };
}

}  // namespace

int main(int argc, char** argv) { return take_turns(argc, argv, sides); }
