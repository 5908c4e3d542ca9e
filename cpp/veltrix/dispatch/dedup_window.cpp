#include "veltrix/dispatch/dedup_window.hpp"

#include <algorithm>

#include "veltrix/base/backward_shift.hpp"

namespace veltrix {

namespace {
constexpr std::size_t kInitialEntries = 64;
constexpr std::size_t kLeavingAhead = 12;  // whose places are fetched before they leave
}  // namespace

DedupWindow::Entry* DedupWindow::Table::find(const Hash128& id) noexcept {
  if (entries.empty()) return nullptr;
  const std::size_t mask = entries.size() - 1;
  for (std::size_t at = id.low & mask; !entries[at].id.empty(); at = (at + 1) & mask) {
    if (entries[at].id == id) return &entries[at];
  }
  return nullptr;
}

void DedupWindow::Table::insert(const Entry& entry) {
  if (2 * (used + 1) > entries.size()) grow();
  place(entry);
  ++used;
}

void DedupWindow::Table::place(const Entry& entry) noexcept {
  const std::size_t mask = entries.size() - 1;
  std::size_t at = entry.id.low & mask;
  while (!entries[at].id.empty()) at = (at + 1) & mask;
  entries[at] = entry;
}

void DedupWindow::Table::grow() {
  std::vector<Entry, HugePages<Entry>> old(std::max(kInitialEntries, entries.size() * 2));
  old.swap(entries);
  for (const Entry& entry : old) {
    if (!entry.id.empty()) place(entry);
  }
}

void DedupWindow::Table::erase(std::uint64_t low, std::uint64_t sequence) noexcept {
  if (entries.empty()) return;
  const std::size_t mask = entries.size() - 1;
  std::size_t hole = low & mask;
  while (!entries[hole].id.empty() && entries[hole].accepted.sequence != sequence) {
    hole = (hole + 1) & mask;
  }
  if (entries[hole].id.empty()) return;
  hole = shift_back(
      entries, hole, [](const Entry& entry) { return entry.id.empty(); },
      [](const Entry& entry) { return entry.id.low; });
  entries[hole] = Entry{};
  --used;
}

void DedupWindow::prefetch(const Hash128& id) const noexcept {
  shards_[shard_of(id.low)].prefetch(id.low);
}

/// The oldest one goes.
void DedupWindow::leave() {
  if (line_.size() > kLeavingAhead) {
    const std::uint64_t low = line_[kLeavingAhead].low;
    shards_[shard_of(low)].prefetch(low);
  }
  const Leaving& oldest = line_.front();
  shards_[shard_of(oldest.low)].erase(oldest.low, oldest.sequence);
  line_.pop_front();
}

DedupWindow::Accepted DedupWindow::find_or_insert(const Hash128& id, const Accepted& candidate,
                                                  std::int64_t now) {
  while (!line_.empty() && now - line_.front().at >= options_.window) leave();
  Table& table = shards_[shard_of(id.low)];
  if (const Entry* entry = table.find(id); entry != nullptr) return entry->accepted;
  table.insert({id, candidate});
  line_.push_back({id.low, candidate.sequence, now});
  if (line_.size() > options_.events) leave();
  return {};
}

void DedupWindow::forget(const Hash128& id, std::uint64_t sequence) noexcept {
  Table& table = shards_[shard_of(id.low)];
  const Entry* entry = table.find(id);
  if (entry != nullptr && entry->accepted.sequence == sequence) table.erase(id.low, sequence);
}

}  // namespace veltrix
