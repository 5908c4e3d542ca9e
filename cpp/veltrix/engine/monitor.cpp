#include "veltrix/engine/monitor.hpp"

#include <bit>

#include "veltrix/base/pause.hpp"
#include "veltrix/engine/producer.hpp"

namespace veltrix {

namespace {
constexpr std::size_t kDrain = 512;  // events a round; smaller rounds make visits shrink
constexpr int kDrainRounds = 4;
constexpr int kLockSpins = 300;
}  // namespace

Monitor::Monitor(std::unique_ptr<Plan> plan, std::unique_ptr<Machine> machine, std::string name)
    : source(std::move(name)),
      id_seed(random_seed()),
      machine_(std::move(machine)),
      incoming_(kDrain),
      plan_(plan.get()) {
  plans_.push_back(std::move(plan));
  pools_ = static_cast<std::uint8_t>(machine_->dispatcher().pools());
  for (auto& queue : machine_->dispatcher().queues()) {
    queue_pools_.push_back(queue->pool);
    queues_.push_back(queue.get());
  }
}

void Monitor::lock() noexcept {
  for (int spin = 0; spin < kLockSpins; ++spin) {
    if (mutex_.try_lock()) return;
    pause_core();
  }
  mutex_.lock();
}

void Monitor::raise_urgent(std::uint8_t pool, std::uint32_t level) noexcept {
  std::atomic<std::uint32_t>& word = urgent[pool];
  std::uint32_t seen = word.load(std::memory_order_relaxed);
  // release: see take_urgent(). A loop, so that of two who raise it the higher one stays.
  while (seen < level && !word.compare_exchange_weak(seen, level, std::memory_order_release,
                                                     std::memory_order_relaxed)) {
  }
}

bool Monitor::drain_door(std::int64_t now, std::uint8_t pool, std::uint32_t announced) {
  const Picker& picker = machine_->dispatcher().picker(pool);
  const auto level = static_cast<int>(announced);
  const std::size_t waiting = announced != 0 ? door.size() : 0;  // what was announced is among it
  std::size_t taken = 0;
  for (int round = 0;; ++round) {
    const bool missing = taken < waiting && picker.highest_active() + 1 < level;
    if (round >= kDrainRounds && !missing) break;
    const std::size_t count = door.drain(incoming_.data(), kDrain);
    if (count == 0) break;
    machine_->receive({incoming_.data(), count}, now);
    taken += count;
    if (count < kDrain / 2 && !missing) break;
  }
  return taken != 0;
}

bool Monitor::advance(std::int64_t now) {
  const bool due = machine_->next_due() <= now;
  const bool pending = machine_->counts().pending != 0;
  if (due || pending) machine_->advance(now);
  return due || pending;
}

void Monitor::warn(std::uint16_t queue, std::string_view code, std::string_view text) {
  lock();
  machine_->notices().warning({queue, 0, code, text}, now());
  unlock();
  notices.notify();
}

std::uint64_t Monitor::published() const noexcept {
  std::uint64_t sum = 0;
  for_producers([&](const Producer& producer) {
    // acquire: pairs with the producer's release, so that what was counted is also in the door
    sum += producer.counts().published.load(std::memory_order_acquire);
  });
  return sum;
}

std::uint64_t Monitor::in_door() const noexcept {
  const MachineCounts& counts = machine_->counts();
  const std::uint64_t taken = counts.received - counts.follow_ups;
  const std::uint64_t pushed = published();
  return pushed > taken ? pushed - taken : 0;  // a producer counts after it has pushed
}

bool Monitor::quiet_now() const noexcept {
  // The counts alone may cancel out (a producer counts after it has pushed): one producer's event
  // is taken and not yet counted, another one's counted and still at the door.
  return machine_->quiet() && in_door() == 0 && door.empty();
}

void Monitor::add_executor(std::size_t number, std::uint8_t pool, Parker& parker) noexcept {
  pool_masks_[pool] |= std::uint64_t{1} << number;
  parkers_[number] = &parker;
}

void Monitor::set_idle(std::size_t number) noexcept {
  idle_.fetch_or(std::uint64_t{1} << number, std::memory_order_seq_cst);
  // seq_cst fence: my bit before my look at door and version (Dekker with producers and visitors)
  std::atomic_thread_fence(std::memory_order_seq_cst);
}

void Monitor::clear_idle(std::size_t number) noexcept {
  idle_.fetch_and(~(std::uint64_t{1} << number), std::memory_order_relaxed);
}

bool Monitor::any_idle(std::uint8_t pool) const noexcept { return one_idle(pool_masks_[pool]); }

bool Monitor::wake(std::uint8_t pool) noexcept {
  while (true) {
    const std::uint64_t sleepers = idle_.load(std::memory_order_relaxed) & pool_masks_[pool];
    if (sleepers == 0) return false;
    const std::uint64_t bit = sleepers & (~sleepers + 1);
    // relaxed: the parker orders what the sleeper sees
    if ((idle_.fetch_and(~bit, std::memory_order_relaxed) & bit) == 0) continue;
    parkers_[static_cast<std::size_t>(std::countr_zero(bit))]->unpark();
    return true;
  }
}

bool Monitor::wake_spare(std::uint8_t pool) noexcept {
  const std::uint64_t spares = spare_ & pool_masks_[pool];
  if (spares == 0) return false;
  const int number = std::countr_zero(spares);
  spare_ &= ~(std::uint64_t{1} << number);
  parkers_[static_cast<std::size_t>(number)]->unpark();
  return true;
}

void Monitor::wake_all() noexcept {
  for (Parker* parker : parkers_) {
    if (parker != nullptr) parker->unpark();
  }
}

Producer& Monitor::open_producer(std::uint64_t seed) {
  const std::lock_guard guard(producers_mutex_);
  producers_.push_back(std::make_unique<Producer>(*this, seed));
  return *producers_.back();
}

}  // namespace veltrix
