#pragma once
// All type patterns of a route table as one trie: match() costs the same for 10 and for 10,000.
//
// The walk carries the set of trie nodes that the parts so far lead to. A node has at most one
// child per literal, one for `*` and one for `**`; a `**` node stays in the set. A node enters a
// set once, so a type of n parts visits at most n x (nodes with wildcards on its way): no
// backtracking, hence nothing explodes however many `**` the patterns hold.
// Filled by one thread; afterwards immutable, match() from any thread.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "veltrix/match/type_pattern.hpp"

namespace veltrix {

class TypeIndex {
 public:
  TypeIndex();
  /// Files `value` under the pattern; values may repeat over several patterns.
  void add(const TypePattern& pattern, std::uint32_t value);
  /// The values of all patterns that take the type, ascending, each once, into `out` (cleared).
  /// Returns how many nodes were visited.
  std::size_t match(std::string_view type, std::vector<std::uint32_t>& out) const;

 private:
  static constexpr std::uint32_t kNone = 0;  // the root is nobody's child

  struct Node {
    std::uint32_t one = kNone;   // child for `*`
    std::uint32_t deep = kNone;  // child for `**`
    bool loops = false;          // is a `**` node: it takes any further part
    std::vector<std::uint32_t> values;
  };
  struct EdgeView {
    std::uint32_t from;
    std::string_view part;
  };
  struct Edge {
    std::uint32_t from;
    std::string part;
    operator EdgeView() const noexcept { return {from, part}; }
  };
  struct EdgeHash {
    using is_transparent = void;
    std::size_t operator()(const EdgeView& edge) const noexcept;
  };
  struct EdgeEqual {
    using is_transparent = void;
    bool operator()(const EdgeView& a, const EdgeView& b) const noexcept {
      return a.from == b.from && a.part == b.part;
    }
  };

  std::uint32_t new_node();
  std::uint32_t child(std::uint32_t from, const PatternPart& part);
  void enter(std::uint32_t node, std::vector<std::uint32_t>& set) const;
  void step(std::string_view part, const std::vector<std::uint32_t>& from,
            std::vector<std::uint32_t>& to) const;

  std::vector<Node> nodes_;
  // One table for the literal children of all nodes: one allocation pattern, one lookup.
  std::unordered_map<Edge, std::uint32_t, EdgeHash, EdgeEqual> literals_;
};

}  // namespace veltrix
