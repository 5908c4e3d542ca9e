#pragma once
// The dedup window as its definition says it: a map of every id ever accepted.

#include <cstdint>
#include <map>

namespace veltrix::simulation {

class DedupModel {
 public:
  DedupModel(std::int64_t window, std::uint64_t events) : window_(window), events_(events) {}

  bool enabled() const { return window_ > 0 && events_ > 0; }
  /// The sequence that the id repeats, or 0: then it is taken in under `sequence`.
  std::uint64_t find_or_insert(std::uint64_t id, std::uint64_t sequence, std::int64_t now) {
    const auto found = ids_.find(id);
    if (found != ids_.end()) {
      const Entry& entry = found->second;
      const bool recent = now - entry.at < window_;
      const bool among_the_last = accepted_ - entry.ordinal < events_;
      if (recent && among_the_last) return entry.sequence;
    }
    ids_[id] = {sequence, now, ++accepted_};
    return 0;
  }
  void forget(std::uint64_t id, std::uint64_t sequence) {
    const auto found = ids_.find(id);
    if (found != ids_.end() && found->second.sequence == sequence) ids_.erase(found);
  }

 private:
  struct Entry {
    std::uint64_t sequence;
    std::int64_t at;
    std::uint64_t ordinal;  // 1 for the first id ever accepted
  };
  std::int64_t window_;
  std::uint64_t events_;
  std::map<std::uint64_t, Entry> ids_;
  std::uint64_t accepted_ = 0;
};

}  // namespace veltrix::simulation
