#pragma once
// Which ids were accepted lately: a window of time and count, exact at both edges. An id is a
// duplicate while it was accepted less than `window` ago and is among the last `events` ids that
// were accepted. Two generations of flat tables: when the young one has covered the window, it
// becomes the old one; so memory is at most two windows, and expiry costs nothing per id. 64 shards
// grow and rotate each by itself, which bounds the longest pause to 1/64 of the work.
//
// Ids are 128-bit seeded hashes of (source, id): among 10^7 ids the chance of any collision is
// below 10^-24. State machine only.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "veltrix/base/clock.hpp"
#include "veltrix/base/hash.hpp"

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
  /// > 0) counts as accepted from now on.
  Accepted find_or_insert(const Hash128& id, const Accepted& candidate, std::int64_t now);
  /// The event that was accepted under `sequence` could not be stored after all. If its id has been
  /// accepted again since (its window was over), that one counts.
  void forget(const Hash128& id, std::uint64_t sequence) noexcept;
  void prefetch(const Hash128& id) const noexcept;
  bool enabled() const noexcept { return options_.window > 0 && options_.events > 0; }

 private:
  struct Entry {
    Hash128 id;
    std::uint64_t sequence = 0;  // 0: forgotten
    std::int64_t at = 0;
    std::uint32_t ordinal = 0;  // which accepted id this was, modulo 2^32
    std::uint32_t payload = 0;
  };
  struct Table {
    std::vector<Entry> entries;  // size a power of two; an empty id is a free place
    std::size_t used = 0;
    Entry* find(const Hash128& id) noexcept;
    Entry& insert(const Hash128& id);
    void clear() noexcept;

   private:
    void grow();
  };
  struct Shard {
    Table young, old;
    std::uint64_t epoch = 0;
  };
  Shard& shard_of(const Hash128& id);
  bool alive(const Entry& entry, std::int64_t now) const noexcept;

  DedupOptions options_;
  std::array<Shard, 64> shards_;
  std::uint64_t epoch_ = 0;       // rotations so far
  std::uint64_t accepted_ = 0;    // ids inserted so far
  std::uint64_t epoch_from_ = 0;  // accepted_ when the young generation began
  std::int64_t epoch_since_ = INT64_MIN;
};

}  // namespace veltrix
