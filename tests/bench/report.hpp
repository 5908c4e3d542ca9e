#pragma once
// How a benchmark program runs and what it says. It is called as PROGRAM SIZE ROUNDS and prints
// {"series": [figure of each round, …], …}; or why it gave up, with exit code 1: a wrong result is
// an error, never a figure.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace veltrix::bench {

[[noreturn]] inline void give_up(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

inline void require(bool holds, const std::string& why) {
  if (!holds) give_up(why);
}

class Report {
 public:
  void add(const std::string& series, double figure) {
    auto found = std::find_if(series_.begin(), series_.end(),
                              [&](const auto& known) { return known.first == series; });
    if (found == series_.end()) found = series_.insert(found, {series, {}});
    found->second.push_back(figure);
  }

  void print() const {
    const char* before = "{";
    for (const auto& [name, figures] : series_) {
      std::printf("%s\"%s\": [", std::exchange(before, ", "), name.c_str());
      const char* between = "";
      for (const double figure : figures) {
        std::printf("%s%.9g", std::exchange(between, ", "), figure);
      }
      std::printf("]");
    }
    std::printf("}\n");
  }

 private:
  std::vector<std::pair<std::string, std::vector<double>>> series_;
};

/// Runs once and adds what it measured.
using Side = std::function<void(Report&)>;

/// Candidates and baselines take turns: a round as warm-up, then those that count, every other one
/// in reverse order, so that no side always runs behind the same other.
inline int take_turns(int argc, char** argv,
                      const std::function<std::vector<Side>(std::uint64_t size)>& make) {
  if (argc != 3) give_up("usage: " + std::string(argv[0]) + " SIZE ROUNDS");
  std::vector<Side> sides = make(std::strtoull(argv[1], nullptr, 10));
  Report warm_up;
  Report report;
  for (int round = 0; round <= std::atoi(argv[2]); ++round) {
    for (const Side& side : sides) side(round == 0 ? warm_up : report);
    std::reverse(sides.begin(), sides.end());
  }
  report.print();
  return 0;
}

}  // namespace veltrix::bench
