#pragma once
// The strands of one dispatcher by (queue, key). Open addressing with backward-shift deletion over
// 16-byte entries; the strands themselves have stable addresses, so that picking and settling
// follow a pointer instead of probing again. Not synchronised (state machine only).

#include <cstddef>
#include <vector>

#include "veltrix/base/huge_pages.hpp"
#include "veltrix/queue/strand.hpp"

namespace veltrix {

class StrandTable {
 public:
  StrandTable();
  /// The strand of that key, made if there is none.
  Strand& find_or_make(std::uint16_t queue, const Hash128& key);
  /// A strand without work: forgets it. Its memory is used for the next one.
  void erase(Strand& strand) noexcept;
  std::size_t size() const noexcept { return size_; }
  template <class F>
  void for_each(F&& visit) const {
    for (const Entry& entry : entries_) {
      if (entry.strand != nullptr) visit(*entry.strand);
    }
  }
  /// Brings the bucket of a key into the cache, a few events ahead of find_or_make().
  void prefetch(std::uint16_t queue, const Hash128& key) const noexcept;

 private:
  struct Entry {
    std::uint64_t tag;  // hash of queue and key, 0 never occurs
    Strand* strand;     // null: free
  };
  static std::uint64_t tag_of(std::uint16_t queue, const Hash128& key) noexcept;
  void grow();

  Strand& make();

  std::vector<Entry, HugePages<Entry>> entries_;
  std::size_t mask_;
  std::size_t size_ = 0;
  std::vector<std::vector<Strand, HugePages<Strand>>> chunks_;  // none is ever moved
  Strand* free_ = nullptr;
};

}  // namespace veltrix
