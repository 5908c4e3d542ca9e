#include "veltrix/dispatch/dedup_window.hpp"

#include <algorithm>

namespace veltrix {

namespace {
constexpr std::size_t kInitialEntries = 64;
}

DedupWindow::Entry* DedupWindow::Table::find(const Hash128& id) noexcept {
  if (entries.empty()) return nullptr;
  const std::size_t mask = entries.size() - 1;
  for (std::size_t at = id.low & mask; !entries[at].id.empty(); at = (at + 1) & mask) {
    if (entries[at].id == id) return &entries[at];
  }
  return nullptr;
}

DedupWindow::Entry& DedupWindow::Table::insert(const Hash128& id) {
  if (4 * (used + 1) > 3 * entries.size()) grow();
  const std::size_t mask = entries.size() - 1;
  std::size_t at = id.low & mask;
  while (!entries[at].id.empty() && entries[at].id != id) at = (at + 1) & mask;
  if (entries[at].id.empty()) ++used;
  entries[at].id = id;
  return entries[at];
}

void DedupWindow::Table::grow() {
  std::vector<Entry> old(std::max(kInitialEntries, entries.size() * 2));
  old.swap(entries);
  used = 0;
  for (const Entry& entry : old) {
    if (!entry.id.empty()) insert(entry.id) = entry;
  }
}

void DedupWindow::Table::clear() noexcept {
  std::fill(entries.begin(), entries.end(), Entry{});
  used = 0;
}

DedupWindow::Shard& DedupWindow::shard_of(const Hash128& id) {
  Shard& shard = shards_[id.high >> 58];
  if (shard.epoch != epoch_) {
    if (epoch_ - shard.epoch == 1) {
      std::swap(shard.young, shard.old);
    } else {
      shard.old.clear();
    }
    shard.young.clear();
    shard.epoch = epoch_;
  }
  return shard;
}

bool DedupWindow::alive(const Entry& entry, std::int64_t now) const noexcept {
  return entry.sequence != 0 && now - entry.at < options_.window &&
         static_cast<std::uint32_t>(accepted_) - entry.ordinal <= options_.events;
}

void DedupWindow::prefetch(const Hash128& id) const noexcept {
  const Table& young = shards_[id.high >> 58].young;
  if (!young.entries.empty()) {
    __builtin_prefetch(&young.entries[id.low & (young.entries.size() - 1)]);
  }
}

DedupWindow::Accepted DedupWindow::find_or_insert(const Hash128& id, const Accepted& candidate,
                                                  std::int64_t now) {
  // A generation ends when everything in the one before it has expired, by time or by count.
  if (epoch_since_ == INT64_MIN) epoch_since_ = now;
  if (now - epoch_since_ >= options_.window || accepted_ - epoch_from_ >= options_.events) {
    ++epoch_;
    epoch_since_ = now;
    epoch_from_ = accepted_;
  }
  Shard& shard = shard_of(id);
  for (Table* table : {&shard.young, &shard.old}) {
    Entry* entry = table->find(id);
    if (entry != nullptr && alive(*entry, now)) return {entry->sequence, entry->payload};
  }
  Entry& entry = shard.young.insert(id);
  entry.sequence = candidate.sequence;
  entry.payload = candidate.payload;
  entry.at = now;
  entry.ordinal = static_cast<std::uint32_t>(accepted_++);
  return {};
}

void DedupWindow::forget(const Hash128& id, std::uint64_t sequence) noexcept {
  Shard& shard = shard_of(id);
  for (Table* table : {&shard.young, &shard.old}) {
    Entry* entry = table->find(id);
    if (entry != nullptr && entry->sequence == sequence) entry->sequence = 0;
  }
}

}  // namespace veltrix
