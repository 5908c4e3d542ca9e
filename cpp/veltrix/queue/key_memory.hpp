#pragma once
// One value per key, remembered also while the key has no work. Two generations of hash tables:
// when the young one holds kYoungKeys, it becomes the old one and the old one is forgotten; so the
// last half a million keys are always known and never more than a million. State machine only.

#include <cstddef>
#include <unordered_map>
#include <utility>

#include "veltrix/base/hash.hpp"

namespace veltrix {

template <class Value>
class KeyMemory {
 public:
  static constexpr std::size_t kYoungKeys = 500'000;

  /// Null: not known (any more).
  const Value* find(const Hash128& key) const {
    const auto young = young_.find(key);
    if (young != young_.end()) return &young->second;
    const auto old = old_.find(key);
    return old == old_.end() ? nullptr : &old->second;
  }
  void set(const Hash128& key, const Value& value) {
    young_.insert_or_assign(key, value);
    if (young_.size() < kYoungKeys) return;
    old_ = std::exchange(young_, {});
  }

 private:
  struct Low {  // the key's hash is seeded and uniform
    std::size_t operator()(const Hash128& key) const noexcept { return key.low; }
  };
  std::unordered_map<Hash128, Value, Low> young_, old_;
};

}  // namespace veltrix
