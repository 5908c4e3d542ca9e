// The urgent publisher of urgent_wait.py: writes CloudEvents lines to standard output on a fixed
// schedule (open loop), from a process of its own, so that no interpreter lock delays it.
//
//   vx_bench_urgent_publisher COUNT RATE PRIORITY
//
// The payload is a pair, CLOCK_MONOTONIC nanoseconds: when the line was *meant* to be sent, and
// when it was. A line that is late is sent at once and keeps its intended time: the schedule never
// slips, so no stall is omitted; the second time tells how much of it was the machine's.

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <sched.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t now() {
  timespec at{};
  clock_gettime(CLOCK_MONOTONIC, &at);
  return std::int64_t{at.tv_sec} * kSecond + at.tv_nsec;
}

/// Awake before the time has come: a virtual core that was asleep takes milliseconds at times, and
/// it is not the machine that is measured.
void wait_until(std::int64_t due) {
  constexpr std::int64_t kEarly = 500'000;
  const std::int64_t early = due - kEarly;
  const timespec at{early / kSecond, early % kSecond};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr) != 0) {
  }
  while (now() < due) {
  }
}

bool send(std::int64_t number, std::int64_t due, int priority) {
  char line[512];
  const int size = std::snprintf(
      line, sizeof line,
      "{\"specversion\":\"1.0\",\"id\":\"%" PRId64 "-%" PRId64
      "\",\"source\":\"/bench\",\"type\":\"urgent\",\"priority\":%d,\"data\":[%" PRId64 ",%" PRId64
      "]}\n",
      due, number, priority, due, now());
  return write(STDOUT_FILENO, line, static_cast<std::size_t>(size)) == size;
}

/// It stands for another machine: what it would wait for a core of this one is no wait of an event.
/// Where that is not allowed, the second time of each line tells what it costs.
void step_in_front() {
  const sched_param first{sched_get_priority_min(SCHED_FIFO)};
  (void)sched_setscheduler(0, SCHED_FIFO, &first);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: %s COUNT RATE PRIORITY\n", argv[0]);
    return 2;
  }
  step_in_front();
  prctl(PR_SET_TIMERSLACK, 1UL);  // the default wakes up to 50 microseconds late
  const std::int64_t count = std::atoll(argv[1]);
  const std::int64_t interval = kSecond / std::atoll(argv[2]);
  const int priority = std::atoi(argv[3]);
  const std::int64_t start = now() + interval;
  for (std::int64_t number = 0; number < count; ++number) {
    const std::int64_t due = start + number * interval;
    wait_until(due);
    if (!send(number, due, priority)) {
      return 1;
    }
  }
  return 0;
}
