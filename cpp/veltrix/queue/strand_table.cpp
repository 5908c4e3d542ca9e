#include "veltrix/queue/strand_table.hpp"

#include <algorithm>

#include "veltrix/base/backward_shift.hpp"

namespace veltrix {

namespace {
constexpr std::size_t kInitialEntries = 1'024;
constexpr std::size_t kFirstChunk = 64;    // strands; each chunk is twice as large as the last,
constexpr std::size_t kMaxChunk = 16'384;  // up to one huge page
}  // namespace

StrandTable::StrandTable()
    : entries_(kInitialEntries, Entry{0, nullptr}), mask_(kInitialEntries - 1) {}

std::uint64_t StrandTable::tag_of(std::uint16_t queue, const Hash128& key) noexcept {
  // The key's hash is seeded and uniform; the odd multiplier only tells queues apart.
  return (key.low ^ (static_cast<std::uint64_t>(queue) + 1) * 0x9E37'79B9'7F4A'7C15ULL) | 1;
}

void StrandTable::prefetch(std::uint16_t queue, const Hash128& key) const noexcept {
  __builtin_prefetch(&entries_[(tag_of(queue, key) >> 1) & mask_]);
}

Strand& StrandTable::find_or_make(std::uint16_t queue, const Hash128& key) {
  const std::uint64_t tag = tag_of(queue, key);
  std::size_t at = (tag >> 1) & mask_;
  for (; entries_[at].strand != nullptr; at = (at + 1) & mask_) {
    Strand& strand = *entries_[at].strand;
    if (entries_[at].tag == tag && strand.key == key && strand.queue == queue) return strand;
  }
  if (2 * (size_ + 1) > entries_.size()) {
    grow();
    return find_or_make(queue, key);
  }
  Strand& strand = make();
  strand.key = key;
  strand.queue = queue;
  strand.head = strand.tail = nullptr;
  strand.listed = strand.parked = strand.halted = strand.mixed = strand.by_time = false;
  entries_[at] = {tag, &strand};
  ++size_;
  return strand;
}

Strand& StrandTable::make() {
  if (free_ != nullptr) {
    Strand& strand = *free_;
    free_ = strand.next_free;
    return strand;
  }
  if (chunks_.empty() || chunks_.back().size() == chunks_.back().capacity()) {
    const std::size_t last = chunks_.empty() ? kFirstChunk / 2 : chunks_.back().capacity();
    chunks_.emplace_back().reserve(std::min(2 * last, kMaxChunk));
  }
  return chunks_.back().emplace_back();
}

void StrandTable::erase(Strand& strand) noexcept {
  const std::uint64_t tag = tag_of(strand.queue, strand.key);
  std::size_t hole = (tag >> 1) & mask_;
  while (entries_[hole].strand != &strand) hole = (hole + 1) & mask_;
  hole = shift_back(
      entries_, hole, [](const Entry& entry) { return entry.strand == nullptr; },
      [](const Entry& entry) { return entry.tag >> 1; });
  entries_[hole] = {0, nullptr};
  --size_;
  strand.next_free = free_;
  free_ = &strand;
}

void StrandTable::grow() {
  std::vector<Entry, HugePages<Entry>> old(entries_.size() * 2, Entry{0, nullptr});
  old.swap(entries_);
  mask_ = entries_.size() - 1;
  for (const Entry& entry : old) {
    if (entry.strand == nullptr) continue;
    std::size_t at = (entry.tag >> 1) & mask_;
    while (entries_[at].strand != nullptr) at = (at + 1) & mask_;
    entries_[at] = entry;
  }
}

}  // namespace veltrix
