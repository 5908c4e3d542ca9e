// Native publish -> native handler, against moodycamel's queue alone: how much of a bare queue's
// speed is left when each event is made with an id, routed, counted against its queue's capacity,
// given a sequence number, put in line behind the others of its key and handed to a handler that
// reads two of its fields. One producer, one executor. SIZE: events.

#include "bench/numbered.hpp"
#include "bench/pipeline.hpp"
#include "bench/raw_queue.hpp"

namespace {

using namespace veltrix;
using namespace veltrix::bench;

constexpr std::size_t kBulk = 64;
constexpr std::uint32_t kManyKeys = 1'000'000;
constexpr std::uint32_t kFewKeys = 1'000;
constexpr double kZipf = 1.1;

double through_engine(std::uint64_t count, std::size_t bulk, const Keys* keys) {
  std::vector<std::uint32_t> seen(count);
  Pipeline pipeline;
  QueueOptions& queue = pipeline.queue("order", std::make_unique<NoteNumbers>(seen));
  queue.capacity_per_key = queue.capacity_events;  // a hot key has a fifth of all events
  const auto engine = pipeline.started();
  Publisher publisher(*engine, "order");
  const std::int64_t begin = steady_ns();
  for (std::uint32_t i = 0; i < count; ++i) {
    if (keys != nullptr) publisher.set_key((*keys)[i]);
    if (bulk == 1) {
      publisher.publish(i);
    } else {
      publisher.publish_in_bulk(i, bulk);
    }
  }
  publisher.push();
  finish(*engine, count);
  const double result = per_second(count, begin);
  check_seen(seen, keys);
  return result;
}

std::vector<Side> sides(std::uint64_t count) {
  const auto many = std::make_shared<Keys>(uniform_keys(count, kManyKeys));
  const auto few = std::make_shared<Keys>(zipf_keys(count, kFewKeys, kZipf));
  return {
      [=](Report& r) { r.add("moodycamel", through_raw_queue(count, 1)); },
      [=](Report& r) { r.add("engine", through_engine(count, 1, nullptr)); },
      [=](Report& r) { r.add("moodycamel, bulks", through_raw_queue(count, kBulk)); },
      [=](Report& r) { r.add("engine, bulks", through_engine(count, kBulk, nullptr)); },
      [=](Report& r) { r.add("engine, 1 M keys", through_engine(count, 1, many.get())); },
      [=](Report& r) { r.add("engine, 1 k zipf", through_engine(count, 1, few.get())); },
  };
}

}  // namespace

int main(int argc, char** argv) { return take_turns(argc, argv, sides); }
