#include "veltrix/cel/workspace.hpp"

#include <algorithm>
#include <new>

#include <re2/re2.h>

#include "veltrix/cel/patterns.hpp"

namespace veltrix::cel {
namespace {

constexpr std::size_t kFirstBlockBytes = std::size_t{16} << 10;
constexpr std::size_t kMaxPatterns = 16;

}  // namespace

Arena& Arena::operator=(Arena&& other) noexcept {
  blocks_ = std::move(other.blocks_);
  other.blocks_.clear();
  block_ = std::exchange(other.block_, 0);
  at_ = std::exchange(other.at_, nullptr);
  end_ = std::exchange(other.end_, nullptr);
  total_ = std::exchange(other.total_, 0);
  return *this;
}

void* Arena::refill(std::size_t bytes) noexcept {
  // What an old block is too small for goes to the one behind it; the rest of the small one is lost
  // until reset(), which happens a few times per event at most, since blocks double.
  while (block_ < blocks_.size() && blocks_[block_].size < bytes) ++block_;
  if (block_ == blocks_.size()) {
    const std::size_t left = kMaxArenaBytes - total_;
    const std::size_t size = std::min(std::max({kFirstBlockBytes, total_, bytes}), left);
    if (size < bytes) return nullptr;
    std::unique_ptr<std::byte[]> fresh(new (std::nothrow) std::byte[size]);
    if (fresh == nullptr) return nullptr;
    try {
      blocks_.push_back({std::move(fresh), size});
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
    total_ += size;
  }
  const Block& block = blocks_[block_++];
  at_ = block.bytes.get() + bytes;
  end_ = block.bytes.get() + block.size;
  return block.bytes.get();
}

void Arena::rewind() noexcept {
  while (blocks_.size() > 1 && total_ > kKeptArenaBytes) {
    total_ -= blocks_.back().size;
    blocks_.pop_back();
  }
  if (total_ > kKeptArenaBytes) {  // one block, made for one large text
    total_ = 0;
    blocks_.clear();
  }
  block_ = blocks_.empty() ? 0 : 1;
  at_ = blocks_.empty() ? nullptr : blocks_.front().bytes.get();
  end_ = blocks_.empty() ? nullptr : at_ + blocks_.front().size;
}

Workspace::Workspace() = default;
Workspace::~Workspace() = default;
Workspace::Workspace(Workspace&&) noexcept = default;
Workspace& Workspace::operator=(Workspace&&) noexcept = default;

const re2::RE2* Workspace::pattern(std::string_view text) noexcept {
  if (text.size() > kMaxRegexBytes) return nullptr;
  try {
    std::string key(text);
    const auto known = patterns_.find(key);
    if (known != patterns_.end()) return known->second.get();
    // No order of use is kept: patterns that events compute are rare, and few where they occur.
    if (patterns_.size() >= kMaxPatterns) patterns_.clear();
    return patterns_.emplace(std::move(key), compile_pattern(text)).first->second.get();
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

}  // namespace veltrix::cel
