#pragma once
// Memory for tables that are read at random: blocks of 2 MB and more stand on huge pages where the
// kernel grants them (a miss of the address cache costs as much as one of the data cache).

#include <cstddef>
#include <cstdlib>
#include <new>

#include <sys/mman.h>

namespace veltrix {

inline constexpr std::size_t kHugePage = std::size_t{2} << 20;

/// Null when memory is exhausted; given back with std::free(). `alignment` is a power of two and
/// divides `bytes`.
inline void* allocate_pages(std::size_t bytes, std::size_t alignment) noexcept {
  if (bytes < kHugePage) return std::aligned_alloc(alignment, bytes);
  const std::size_t whole = (bytes + kHugePage - 1) & ~(kHugePage - 1);
  void* block = std::aligned_alloc(kHugePage, whole);
  // advice: a refusal costs speed only
  if (block != nullptr) madvise(block, whole, MADV_HUGEPAGE);
  return block;
}

/// For standard containers.
template <class T>
struct HugePages {
  using value_type = T;
  HugePages() noexcept = default;
  template <class U>
  explicit HugePages(const HugePages<U>&) noexcept {}
  T* allocate(std::size_t count) {
    void* block = allocate_pages(count * sizeof(T), alignof(T));
    if (block == nullptr) throw std::bad_alloc();
    return static_cast<T*>(block);
  }
  void deallocate(T* block, std::size_t) noexcept { std::free(block); }
  template <class U>
  bool operator==(const HugePages<U>&) const noexcept {
    return true;
  }
};

}  // namespace veltrix
