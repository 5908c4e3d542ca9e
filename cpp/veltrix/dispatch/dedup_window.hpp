#pragma once
// Which ids were accepted lately: a window of time and count, exact at both edges. An id is a
// duplicate while it was accepted less than `window` ago and is among the last `events` ids that
// were accepted. Open addressing with backward-shift deletion over half a cache line per id, so a
// look-up costs one miss, and a line of what was accepted, from whose front ids leave the table:
// memory is what is alive, 32 to 128 bytes an id and 24 in the line. 32 shards grow each by itself,
// which bounds the longest pause to 1/32 of the work.
//
// Ids are 128-bit seeded hashes of (source, id): among 10^7 ids the chance of any collision is
// below 10^-24. State machine only.

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "veltrix/base/clock.hpp"
#include "veltrix/base/hash.hpp"
#include "veltrix/base/huge_pages.hpp"

namespace veltrix {

struct DedupOptions {
  std::int64_t window = 600 * kSecond;  // 0 = off
  std::uint64_t events = 1'000'000;     // 0 = off
};

class DedupWindow {
 public:
  explicit DedupWindow(DedupOptions options) noexcept : options_(options) {}

  /// What was accepted under an id.
  struct Accepted {
    std::uint64_t sequence = 0;  // 0: nothing
    std::uint32_t payload = 0;   // hash of its type and payload
  };
  /// What was accepted under that id, or nothing if it is new; then `candidate` (with a sequence
  /// > 0 that no other has) counts as accepted from now on. `now` never goes back.
  Accepted find_or_insert(const Hash128& id, const Accepted& candidate, std::int64_t now);
  /// The event that was accepted under `sequence` could not be stored after all. If its id has been
  /// accepted again since (its window was over), that one counts.
  void forget(const Hash128& id, std::uint64_t sequence) noexcept;
  void prefetch(const Hash128& id) const noexcept;
  bool enabled() const noexcept { return options_.window > 0 && options_.events > 0; }

 private:
  struct alignas(32) Entry {
    Hash128 id;  // empty: a free place
    Accepted accepted;
  };
  struct Table {
    std::vector<Entry, HugePages<Entry>> entries;  // size a power of two, or 0
    std::size_t used = 0;
    Entry* find(const Hash128& id) noexcept;
    void insert(const Entry& entry);
    /// The entry of that sequence, if it still is there.
    void erase(std::uint64_t low, std::uint64_t sequence) noexcept;
    void prefetch(std::uint64_t low) const noexcept {
      if (!entries.empty()) __builtin_prefetch(&entries[low & (entries.size() - 1)], 1);
    }

   private:
    void place(const Entry& entry) noexcept;
    void grow();
  };
  struct Leaving {
    std::uint64_t low;  // of its id
    std::uint64_t sequence;
    std::int64_t at;
  };
  static constexpr std::size_t kShards = 32;
  static std::size_t shard_of(std::uint64_t low) noexcept { return low >> 59; }
  void leave();

  DedupOptions options_;
  std::array<Table, kShards> shards_;
  std::deque<Leaving> line_;  // what was accepted, oldest first; at most `events`
};

}  // namespace veltrix
