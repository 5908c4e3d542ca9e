#include "veltrix/match/type_index.hpp"

#include <algorithm>

#include "veltrix/base/hash.hpp"

namespace veltrix {

TypeIndex::TypeIndex() : nodes_(1) {}

std::size_t TypeIndex::EdgeHash::operator()(const EdgeView& edge) const noexcept {
  // No secret seed: producers only look up, what is in the table comes from the configuration.
  return static_cast<std::size_t>(hash128(edge.part, edge.from).low);
}

std::uint32_t TypeIndex::new_node() {
  nodes_.emplace_back();
  return static_cast<std::uint32_t>(nodes_.size() - 1);
}

std::uint32_t TypeIndex::child(std::uint32_t from, const PatternPart& part) {
  if (part.kind == PartKind::kLiteral) {
    const auto found = literals_.find(EdgeView{from, part.text});
    if (found != literals_.end()) return found->second;
    const std::uint32_t made = new_node();
    literals_.emplace(Edge{from, part.text}, made);
    return made;
  }
  const bool deep = part.kind == PartKind::kDeep;
  const std::uint32_t known = deep ? nodes_[from].deep : nodes_[from].one;
  if (known != kNone) return known;
  const std::uint32_t made = new_node();  // may move nodes_: index again
  (deep ? nodes_[from].deep : nodes_[from].one) = made;
  nodes_[made].loops = deep;
  return made;
}

void TypeIndex::add(const TypePattern& pattern, std::uint32_t value) {
  std::uint32_t node = 0;
  for (const PatternPart& part : pattern.parts) node = child(node, part);
  nodes_[node].values.push_back(value);
}

void TypeIndex::enter(std::uint32_t node, std::vector<std::uint32_t>& set) const {
  // `**` takes zero parts too: whoever stands before it stands in it. Only a `**` node can be
  // reached twice in one step (from its parent, and from itself), so only they are looked for.
  set.push_back(node);
  for (std::uint32_t deep = nodes_[node].deep; deep != kNone; deep = nodes_[deep].deep) {
    if (std::find(set.begin(), set.end(), deep) != set.end()) return;
    set.push_back(deep);
  }
}

void TypeIndex::step(std::string_view part, const std::vector<std::uint32_t>& from,
                     std::vector<std::uint32_t>& to) const {
  to.clear();
  for (const std::uint32_t at : from) {
    const Node& node = nodes_[at];
    if (node.loops && std::find(to.begin(), to.end(), at) == to.end()) enter(at, to);
    if (node.one != kNone) enter(node.one, to);
    if (literals_.empty()) continue;
    const auto literal = literals_.find(EdgeView{at, part});
    if (literal != literals_.end()) enter(literal->second, to);
  }
}

std::size_t TypeIndex::match(std::string_view type, std::vector<std::uint32_t>& out) const {
  out.clear();
  std::vector<std::uint32_t> set;
  std::vector<std::uint32_t> next;
  enter(0, set);
  std::size_t visited = set.size();
  std::string_view part;
  for (bool more = true; !set.empty() && next_part(type, more, part);) {
    step(part, set, next);
    set.swap(next);
    visited += set.size();
  }
  for (const std::uint32_t at : set) {
    out.insert(out.end(), nodes_[at].values.begin(), nodes_[at].values.end());
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return visited;
}

}  // namespace veltrix
