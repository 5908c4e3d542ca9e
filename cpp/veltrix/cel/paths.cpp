#include "veltrix/cel/paths.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace veltrix::cel {
namespace {

// In the order of EventMember.
constexpr std::string_view kMemberNames[] = {
    "specversion",     "id",         "source",   "type",         "subject",     "time",
    "datacontenttype", "dataschema", "priority", "partitionkey", "traceparent", "correlationid",
    "causationid",     "expirytime", "sequence", "recordedtime", "data",        "data_base64",
};
static_assert(std::size(kMemberNames) == kNamedMembers);

// Up to here siblings are looked at one by one, which beats the jumps of a binary search.
constexpr std::size_t kFewChildren = 12;

}  // namespace

std::string_view name_of(EventMember member) noexcept {
  const auto index = static_cast<std::size_t>(member);
  return index < kNamedMembers ? kMemberNames[index] : std::string_view{};
}

EventMember event_member(std::string_view name) noexcept {
  const auto* const found = std::find(std::begin(kMemberNames), std::end(kMemberNames), name);
  return static_cast<EventMember>(found - std::begin(kMemberNames));
}

PathId PathTree::add(PathNode node) {
  nodes_.push_back(std::move(node));
  return static_cast<PathId>(nodes_.size() - 1);
}

PathId PathTree::variable(std::uint32_t index) {
  for (const PathId path : variables_) {
    if (nodes_[path].variable == index) return path;
  }
  PathNode node;
  node.variable = index;
  const PathId path = add(std::move(node));
  variables_.push_back(path);
  if (index == 0) first_variable_ = path;
  return path;
}

PathId PathTree::child(PathId parent, std::string_view name) {
  const PathId known = find(parent, name, name.size());
  if (known != kNoPath) return known;
  PathNode node;
  node.name = name;
  node.parent = parent;
  node.variable = nodes_[parent].variable;
  if (parent == first_variable_) node.member = event_member(name);
  node.in_data = parent == data_ || nodes_[parent].in_data;
  const PathId path = add(std::move(node));
  if (parent == first_variable_ && name == "data") data_ = path;
  const std::uint64_t head = head_of(name, name.size());
  auto& siblings = nodes_[parent].children;
  auto at = siblings.begin();
  while (at != siblings.end() && at->is_before(head, name.size())) ++at;
  siblings.insert(at, {head, static_cast<std::uint32_t>(name.size()), path});
  // Before the closing quote of an empty name stands the opening one.
  const auto last = static_cast<unsigned char>(name.empty() ? '"' : name.back());
  nodes_[parent].last_bytes[last >> 6] |= std::uint64_t{1} << (last & 63U);
  return path;
}

PathId PathTree::find(PathId parent, std::string_view name, std::size_t readable) const noexcept {
  const std::vector<PathChild>& children = nodes_[parent].children;
  const std::uint64_t head = head_of(name, readable);
  auto at = children.begin();
  if (children.size() > kFewChildren) {
    at = std::partition_point(at, children.end(), [&](const PathChild& child) noexcept {
      return child.is_before(head, name.size());
    });
  }
  for (; at != children.end(); ++at) {
    if (at->head == head && at->size == name.size()) {
      if (name.size() <= sizeof head || name == nodes_[at->path].name) return at->path;
    } else if (children.size() > kFewChildren) {
      break;  // behind all that are equal so far
    }
  }
  return kNoPath;
}

}  // namespace veltrix::cel
