// One key whose handler sleeps for 1 ms a time, beside 1,000 keys of the same queue with nothing to
// do; two executors. How many events of the other keys still go through, against the same without
// the slow key. It always has work waiting. SIZE: events of the other keys.

#include <chrono>
#include <thread>

#include "bench/numbered.hpp"
#include "bench/pipeline.hpp"
#include "bench/raw_queue.hpp"

namespace {

using namespace veltrix;
using namespace veltrix::bench;

constexpr std::uint32_t kOthers = 1'000;
constexpr std::uint32_t kSlow = kOthers;  // the key behind them
constexpr std::uint64_t kSlowWaiting = 16;
constexpr std::uint32_t kLookEvery = 256;

struct Done {
  alignas(64) std::atomic<std::uint64_t> slow{0};
  alignas(64) std::atomic<std::uint64_t> others{0};
};

class Work final : public Handler {
 public:
  Work(const Keys& keys, KeyOrder& order, Done& done) : keys_(keys), order_(order), done_(done) {}

  void run(Batch& batch, Settler& settler) noexcept override {
    std::uint64_t others = 0;
    while (Delivery* delivery = batch.next()) {
      const std::uint32_t number = number_of(*delivery);
      const std::uint32_t key = number < keys_.size() ? keys_[number] : kSlow;
      order_.saw(key, number);
      if (key == kSlow) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        done_.slow.fetch_add(1, std::memory_order_relaxed);
      } else {
        ++others;
      }
      settler.done(*delivery);
    }
    done_.others.fetch_add(others, std::memory_order_relaxed);
  }

 private:
  const Keys& keys_;
  KeyOrder& order_;
  Done& done_;
};

/// Numbers below the count of the others are theirs, those above are the slow key's.
class Feed {
 public:
  Feed(Publisher& publisher, const Keys& keys, Done& done, bool slow)
      : publisher_(publisher), keys_(keys), done_(done), slow_(slow) {}

  void publish_others() {
    for (std::uint32_t i = 0; i < keys_.size(); ++i) {
      if (i % kLookEvery == 0) keep_slow_waiting();
      publisher_.set_key(keys_[i]);
      publisher_.publish(i);
    }
    while (done_.others.load(std::memory_order_relaxed) < keys_.size()) {
      keep_slow_waiting();
      std::this_thread::yield();
    }
  }
  std::uint64_t slow_sent() const { return slow_sent_; }

 private:
  void keep_slow_waiting() {
    if (!slow_) return;
    publisher_.set_key(kSlow);
    while (slow_sent_ - done_.slow.load(std::memory_order_relaxed) < kSlowWaiting) {
      publisher_.publish(static_cast<std::uint32_t>(keys_.size() + slow_sent_++));
    }
  }

  Publisher& publisher_;
  const Keys& keys_;
  Done& done_;
  const bool slow_;
  std::uint64_t slow_sent_ = 0;
};

double others_per_second(const Keys& keys, bool slow) {
  KeyOrder order(kOthers + 1);
  Done done;
  Pipeline pipeline;
  QueueOptions& queue = pipeline.queue("order", std::make_unique<Work>(keys, order, done));
  queue.concurrency = pipeline.options.engine.native_executors = 2;
  const auto engine = pipeline.started();
  Publisher publisher(*engine, "order");
  Feed feed(publisher, keys, done, slow);
  const std::int64_t begin = steady_ns();
  feed.publish_others();
  const double result = per_second(keys.size(), begin);
  finish(*engine, keys.size() + feed.slow_sent());
  order.check();
  return result;
}

std::vector<Side> sides(std::uint64_t count) {
  const auto keys = std::make_shared<Keys>(uniform_keys(count, kOthers));
  return {
      [=](Report& r) { r.add("without the slow key", others_per_second(*keys, false)); },
      [=](Report& r) { r.add("beside the slow key", others_per_second(*keys, true)); },
  };
}

}  // namespace

int main(int argc, char** argv) { return take_turns(argc, argv, sides); }
