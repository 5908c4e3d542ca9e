#pragma once
// A dedup window as its definition says it: a map of every id ever accepted.

#include <cstdint>
#include <map>

namespace veltrix::simulation {

class DedupModel {
 public:
  DedupModel(std::int64_t window, std::uint64_t events) : window_(window), events_(events) {}

  bool enabled() const { return window_ > 0 && events_ > 0; }

  struct Known {
    std::uint64_t sequence = 0;  // 0: the id is new
    std::uint64_t content = 0;
  };
  Known find(std::uint64_t id, std::int64_t now) const {
    const auto found = ids_.find(id);
    if (found == ids_.end()) return {};
    const Entry& entry = found->second;
    const bool recent = now - entry.at < window_;
    const bool among_the_last = accepted_ - entry.ordinal < events_;
    return recent && among_the_last ? entry.known : Known{};
  }
  void insert(std::uint64_t id, const Known& known, std::int64_t now) {
    ids_[id] = {known, now, ++accepted_};
  }
  /// False: the id has been accepted again since, and stays.
  bool forget(std::uint64_t id, std::uint64_t sequence) {
    const auto found = ids_.find(id);
    if (found == ids_.end() || found->second.known.sequence != sequence) return false;
    ids_.erase(found);
    return true;
  }

 private:
  struct Entry {
    Known known;
    std::int64_t at;
    std::uint64_t ordinal;  // 1 for the first id ever accepted
  };
  std::int64_t window_;
  std::uint64_t events_;
  std::map<std::uint64_t, Entry> ids_;
  std::uint64_t accepted_ = 0;
};

}  // namespace veltrix::simulation
