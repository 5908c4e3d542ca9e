// The seeds of the fuzzer, broken in thousands of seeded ways: no crash, no leak (the sanitizers
// look), no case that takes longer than its budget allows.

#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "veltrix/base/thread_cpu.hpp"

#include "fuzz/cel_case.hpp"

namespace veltrix::cel {
namespace {

constexpr int kCases = 10'000;
// Of CPU, for one case; far above what 10,000 steps take, even with sanitizers on a busy machine.
constexpr std::int64_t kBudgetNs = 2'000'000'000;

std::vector<std::string> lines_of(const std::string& name) {
  std::ifstream in(std::string(VELTRIX_TESTS_FOLDER) + "/fuzz/" + name);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

class Breaker {
 public:
  explicit Breaker(std::uint32_t seed) : random_(seed) {}

  std::size_t below(std::size_t bound) { return random_() % bound; }

  std::string broken(std::string text, const std::vector<std::string>& others) {
    for (std::size_t times = 1 + below(4); times > 0; --times) breakage(text, others);
    return text;
  }

 private:
  void breakage(std::string& text, const std::vector<std::string>& others) {
    static const std::vector<std::string> kPieces{"(",
                                                  ")",
                                                  "[",
                                                  "]",
                                                  "{",
                                                  "}",
                                                  "\"",
                                                  "'",
                                                  "'''",
                                                  "\\",
                                                  "\\u",
                                                  ".",
                                                  "..",
                                                  "?",
                                                  ":",
                                                  ",",
                                                  "&&",
                                                  "||",
                                                  "!",
                                                  "-",
                                                  "==",
                                                  "<",
                                                  "in",
                                                  "has(",
                                                  ".all(x,",
                                                  ".map(x,",
                                                  "1e",
                                                  "0x",
                                                  "9999999999999999999",
                                                  "u",
                                                  "//",
                                                  "\n",
                                                  "\xC3",
                                                  "\xFF",
                                                  std::string(1, '\0'),
                                                  "null",
                                                  "data",
                                                  "event",
                                                  "x",
                                                  "1",
                                                  "`"};
    const std::size_t at = below(text.size() + 1);
    switch (below(6)) {
      case 0:
        text.erase(at, 1 + below(4));
        break;
      case 1:
        text.insert(at, kPieces[below(kPieces.size())]);
        break;
      case 2:
        text = text.substr(0, at);
        break;
      case 3:
        if (at < text.size()) text[at] = static_cast<char>(below(256));
        break;
      case 4:
        text.insert(at, text.substr(below(text.size() + 1), 1 + below(20)));
        break;
      default: {
        const std::string& other = others[below(others.size())];
        text = text.substr(0, at) + other.substr(below(other.size() + 1));
      }
    }
  }

  std::mt19937 random_;
};

/// Runs `once` kCases times; the dearest case must stay within its budget.
template <class Once>
void run_cases(Once&& once) {
  for (int i = 0; i < kCases; ++i) {
    const auto began = thread_cpu_ns();
    const std::string shown = once();
    ASSERT_LT(thread_cpu_ns() - began, kBudgetNs) << shown;
  }
}

TEST(CelHostile, BrokenExpressionsDoNoHarm) {
  const auto seeds = lines_of("seeds.txt");
  const auto events = lines_of("events.txt");
  ASSERT_FALSE(seeds.empty());
  Breaker breaker(1);
  HostileCase hostile;
  int good = 0;
  run_cases([&] {
    const std::string text = breaker.broken(seeds[breaker.below(seeds.size())], seeds);
    good += hostile.run(text, events[breaker.below(events.size())]) ? 1 : 0;
    return text;
  });
  // Most are refused, and yet some are expressions still: both ways are gone.
  EXPECT_GT(good, kCases / 50);
  EXPECT_LT(good, kCases / 2);
  EXPECT_GT(hostile.seen(), 0U);
}

TEST(CelHostile, BrokenEventsDoNoHarm) {
  const auto seeds = lines_of("seeds.txt");
  const auto events = lines_of("events.txt");
  Breaker breaker(2);
  HostileCase hostile;
  run_cases([&] {
    const std::string json = breaker.broken(events[breaker.below(events.size())], events);
    hostile.run(seeds[breaker.below(seeds.size())], json);
    return json;
  });
  EXPECT_GT(hostile.seen(), 0U);
}

}  // namespace
}  // namespace veltrix::cel
