#pragma once
// Changes to one JSON object: members dropped and members set, by dotted path ("customer.name").
//
// The text is edited, not decoded: what no path names leaves as it came, so that numbers which no
// double holds, the order of members and their spelling survive. That also makes the work linear in
// the text, with no memory but the result's. Built once, then immutable: any thread may apply it.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "veltrix/base/error.hpp"

namespace veltrix {

class JsonPatch {
 public:
  /// Both: kInvalidOption where the text is no path. All drops come before all sets.
  Result<void> drop(std::string_view path);
  /// The value with the next number, from 0 on. Refused too: a path that is set already, or that
  /// leads into or around one that is.
  Result<void> set(std::string_view path);

  bool is_empty() const noexcept { return root_.children.empty(); }

  /// Appends the changed object. `json` is valid, or empty: an object without members. `values` are
  /// JSON texts by number. What is missing on the way to a member that is set is made; kInvalidJson
  /// where something else than an object stands there, and where the result is nested too deeply.
  /// Of what is no object nothing is dropped.
  Result<void> apply(std::string_view json, std::span<const std::string> values,
                     std::string& out) const;

 private:
  static constexpr std::int32_t kNoValue = -1;
  struct Node {
    std::string path;  // from the root, for messages
    std::string name;  // its last part
    bool dropped = false;
    bool sets_inside = false;  // some path below it is set
    std::int32_t value = kNoValue;
    std::vector<Node> children;
  };
  class Writer;

  Result<Node*> open(std::string_view path, bool sets);
  static Node& child_of(Node& parent, std::string_view name);

  Node root_;
  std::int32_t values_ = 0;
};

}  // namespace veltrix
