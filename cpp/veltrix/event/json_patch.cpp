#include "veltrix/event/json_patch.hpp"

#include <algorithm>

#include "veltrix/base/limits.hpp"
#include "veltrix/event/json_cursor.hpp"
#include "veltrix/event/json_text.hpp"
#include "veltrix/event/json_validator.hpp"
#include "veltrix/event/json_writer.hpp"

namespace veltrix {
namespace {

tl::unexpected<Error> refuse(std::string_view path, const char* why) {
  return fail(ErrorCode::kInvalidOption, "'" + std::string(path) + "' " + why);
}

const char* kind_of(char first) noexcept {
  switch (first) {
    case '[':
      return "a list";
    case '"':
      return "a text";
    case 't':
    case 'f':
      return "a bool";
    case 'n':
      return "null";
    default:
      return "a number";
  }
}

}  // namespace

JsonPatch::Node& JsonPatch::child_of(Node& parent, std::string_view name) {
  for (Node& child : parent.children) {
    if (child.name == name) return child;
  }
  Node& made = parent.children.emplace_back();
  made.name = name;
  made.path = parent.path.empty() ? made.name : parent.path + "." + made.name;
  return made;
}

Result<JsonPatch::Node*> JsonPatch::open(std::string_view path, bool sets) {
  if (path.empty() || path.front() == '.' || path.back() == '.' ||
      path.find("..") != std::string_view::npos) {
    return refuse(path, "is no path; write names with dots in between, such as customer.name");
  }
  if (static_cast<std::size_t>(std::count(path.begin(), path.end(), '.')) >= kMaxJsonDepth) {
    return refuse(path, "goes deeper than an event may be nested");
  }
  Node* node = &root_;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    node->sets_inside |= sets;
    node = &child_of(*node, path.substr(begin, end - begin));
    if (sets && node->value != kNoValue) {
      return refuse(path, end == path.size() ? "is set twice; keep one of them"
                                             : "lies inside something that is set, too");
    }
    begin = end + 1;
  }
  return node;
}

Result<void> JsonPatch::drop(std::string_view path) {
  const auto node = open(path, false);
  if (!node) return tl::make_unexpected(node.error());
  (*node)->dropped = true;
  return {};
}

Result<void> JsonPatch::set(std::string_view path) {
  const auto node = open(path, true);
  if (!node) return tl::make_unexpected(node.error());
  if ((*node)->sets_inside) return refuse(path, "is set, and something inside it, too");
  (*node)->value = values_++;
  return {};
}

/// One walk over the text. As deep as the patch, which is bounded, not as the text.
class JsonPatch::Writer {
 public:
  Writer(std::string_view json, std::span<const std::string> values, std::string& out) noexcept
      : cursor_(json), values_(values), out_(out) {}

  /// What is no object stays as it is, unless some member of it is set.
  Result<void> whole(const Node& root) {
    cursor_.skip_space();
    if (cursor_.peek() == '{' || root.sets_inside) return object(root);
    return copy();
  }

 private:
  Result<void> object(const Node& node) {
    cursor_.skip_space();
    if (cursor_.peek() != '{') {
      const std::string what = node.path.empty() ? "data" : "data." + node.path;
      return fail(ErrorCode::kInvalidJson,
                  what + " is " + kind_of(cursor_.peek()) + ", no object to set a member of");
    }
    cursor_.move_to(cursor_.position() + 1);
    std::vector<bool> met(node.children.size());
    bool first = true;
    out_.push_back('{');
    for (cursor_.skip_space(); cursor_.peek() != '}'; cursor_.skip_space()) {
      if (cursor_.peek() == ',') cursor_.move_to(cursor_.position() + 1);
      if (auto written = member(node, met, first); !written) return written;
    }
    cursor_.move_to(cursor_.position() + 1);
    missing(node, met, first);
    out_.push_back('}');
    return {};
  }

  void missing(const Node& node, const std::vector<bool>& met, bool first) {
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const Node& child = node.children[i];
      if (met[i] || (child.value == kNoValue && !child.sets_inside)) continue;
      comma(first);
      append_json_string(child.name, out_);
      out_.push_back(':');
      if (child.value != kNoValue) {
        out_.append(values_[static_cast<std::size_t>(child.value)]);
        continue;
      }
      out_.push_back('{');
      missing(child, std::vector<bool>(child.children.size()), true);
      out_.push_back('}');
    }
  }

  /// The text is valid JSON; were it not, the walk would end here instead of going on for ever.
  Result<void> member(const Node& node, std::vector<bool>& met, bool& first) {
    cursor_.skip_space();
    const char* const begin = cursor_.position();
    bool escaped = false;
    if (cursor_.peek() != '"' || !cursor_.skip_string(escaped)) return broken();
    const std::string_view quoted(begin, static_cast<std::size_t>(cursor_.position() - begin));
    cursor_.skip_space();
    if (!cursor_.skip_char(':', "a colon is missing")) return broken();
    cursor_.skip_space();
    const auto child = find(node, quoted.substr(1, quoted.size() - 2), escaped);
    if (child == node.children.end()) return copy(quoted, first);
    const auto index = static_cast<std::size_t>(child - node.children.begin());
    if (child->value != kNoValue) {
      if (!met[index]) name(quoted, first);  // of equal names one is left
      if (!met[index]) out_.append(values_[static_cast<std::size_t>(child->value)]);
      met[index] = true;
      return skip();
    }
    if (child->dropped) return skip();
    met[index] = true;
    if (cursor_.peek() != '{' && !child->sets_inside) return copy(quoted, first);
    name(quoted, first);
    return object(*child);
  }

  std::vector<Node>::const_iterator find(const Node& node, std::string_view raw, bool escaped) {
    if (escaped) {
      name_.resize(raw.size());
      name_.resize(write_unescaped(raw, name_.data()));
      raw = name_;
    }
    return std::find_if(node.children.begin(), node.children.end(),
                        [&](const Node& child) { return child.name == raw; });
  }

  Result<void> copy(std::string_view quoted, bool& first) {
    name(quoted, first);
    return copy();
  }

  Result<void> copy() {
    const char* const begin = cursor_.position();
    if (auto skipped = skip(); !skipped) return skipped;
    out_.append(begin, cursor_.position());
    return {};
  }

  Result<void> skip() { return cursor_.skip_value(0) ? Result<void>() : broken(); }
  Result<void> broken() const { return tl::make_unexpected(cursor_.error()); }

  void name(std::string_view quoted, bool& first) {
    comma(first);
    out_.append(quoted);
    out_.push_back(':');
  }
  void comma(bool& first) {
    if (!first) out_.push_back(',');
    first = false;
  }

  JsonCursor cursor_;
  std::span<const std::string> values_;
  std::string& out_;
  std::string name_;  // without its escapes
};

Result<void> JsonPatch::apply(std::string_view json, std::span<const std::string> values,
                              std::string& out) const {
  const std::size_t before = out.size();
  if (auto written = Writer(json.empty() ? "{}" : json, values, out).whole(root_); !written) {
    return written;
  }
  // A value may come from deep inside the event and go as deep: only the whole tells.
  return validate_json(std::string_view(out).substr(before), 1);
}

}  // namespace veltrix
