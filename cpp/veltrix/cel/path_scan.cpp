#include "veltrix/cel/path_scan.hpp"

#include <bit>
#include <cstring>

#include "veltrix/base/limits.hpp"
#include "veltrix/cel/frame.hpp"
#include "veltrix/cel/json_blocks.hpp"
#include "veltrix/event/json_text.hpp"

namespace veltrix::cel {
namespace {

constexpr std::size_t kBlocksAtOnce = 16;
// A name longer than this is not unescaped for comparison: none of an expression is as long.
constexpr std::size_t kMaxEscapedName = kMaxExpressionBytes * 6;

bool is_space(char c) noexcept { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

const char* behind_space(const char* at, const char* end) noexcept {
  while (at != end && is_space(*at)) ++at;
  return at;
}

/// Whether the character at `at` follows an odd number of backslashes.
bool is_escaped(const char* begin, const char* at) noexcept {
  const char* slash = at;
  while (slash != begin && slash[-1] == '\\') --slash;
  return ((at - slash) & 1) != 0;
}

class PathScan {
 public:
  PathScan(const PathTree& paths, std::string_view json, Place* places,
           std::uint64_t& visits) noexcept
      : paths_(paths),
        places_(places),
        visits_(visits),
        begin_(json.data()),
        end_(json.data() + json.size()) {}

  void run(PathId root) noexcept {
    const char* const at = behind_space(begin_, end_);
    Place& place = places_[root];
    place.visit = ++visits_;
    place.at = at == end_ ? nullptr : at;
    if (at == end_ || *at != '{' || paths_[root].children.empty()) return;
    next_object_ = at;
    next_path_ = root;
    JsonBlock blocks[kBlocksAtOnce];
    for (const char* base = begin_; base < end_;) {
      const std::string_view rest(base, static_cast<std::size_t>(end_ - base));
      const std::size_t count = find_blocks(rest, blocks, kBlocksAtOnce, carry_);
      for (std::size_t i = 0; i < count; ++i, base += kBlockBytes) {
        if (!walk(blocks[i], base)) return;
      }
    }
  }

 private:
  /// The structural characters of one block; false behind the end of the document.
  bool walk(const JsonBlock& block, const char* base) noexcept {
    for (std::uint64_t bits = block.structurals; bits != 0; bits &= bits - 1) {
      const int index = std::countr_zero(bits);
      const char* const at = base + index;
      switch (*at) {
        case ':':
          if (depth_ == wanted_ && may_be_named(at)) {
            member(block.quotes & ((std::uint64_t{1} << index) - 1), base, at);
          }
          break;
        case '{':
        case '[':
          ++depth_;
          if (at == next_object_ && wanted_ < kMaxJsonDepth) enter(next_path_);
          break;
        default:
          if (depth_ == wanted_) leave();
          if (--depth_ == 0) return false;
          break;
      }
    }
    return true;
  }

  void enter(PathId path) noexcept {
    objects_[wanted_++] = path;
    object_ = &paths_[path];
  }
  void leave() noexcept {
    if (--wanted_ > 0) object_ = &paths_[objects_[wanted_ - 1]];
  }

  /// Whether the name before the colon can be one that is wanted, from its last byte. What stands
  /// there is an object's member: at least one byte before its closing quote is of the text.
  bool may_be_named(const char* colon) const noexcept {
    if (colon[-1] != '"' || carry_.any_escape) return true;  // it takes a closer look
    return object_->may_end_with(colon[-2]);
  }

  /// A colon at `colon`, in an object of which members are named. `quotes`: those before it in its
  /// block.
  void member(std::uint64_t quotes, const char* base, const char* colon) noexcept {
    const std::string_view raw = name_before(quotes, base, colon);
    const PathId parent = objects_[wanted_ - 1];
    const PathId path = find(parent, raw);
    if (path == kNoPath) return;
    const char* const value = behind_space(colon + 1, end_);
    if (value == end_) return;
    Place& place = places_[path];
    place.under = places_[parent].visit;
    place.visit = ++visits_;
    place.at = value;
    if (*value != '{' || paths_[path].children.empty()) return;
    next_object_ = value;
    next_path_ = path;
  }

  std::string_view name_before(std::uint64_t quotes, const char* base,
                               const char* colon) const noexcept {
    if ((quotes & (quotes - 1)) != 0) [[likely]] {  // two at least; a popcount would be a call
      const int closing = 63 - std::countl_zero(quotes);
      const int opening = 63 - std::countl_zero(quotes ^ (std::uint64_t{1} << closing));
      return {base + opening + 1, static_cast<std::size_t>(closing - opening - 1)};
    }
    // The name began in an earlier block.
    const char* closing = colon;
    while (closing != begin_ && *--closing != '"') {
    }
    const char* opening = closing;
    while (opening != begin_) {
      --opening;
      if (*opening == '"' && !is_escaped(begin_, opening)) break;
    }
    if (opening == closing) return {colon, 0};
    return {opening + 1, static_cast<std::size_t>(closing - opening - 1)};
  }

  PathId find(PathId parent, std::string_view raw) const noexcept {
    if (carry_.any_escape && raw.size() <= kMaxEscapedName &&
        raw.find('\\') != std::string_view::npos) [[unlikely]] {
      return find_unescaped(parent, raw);
    }
    return paths_.find(parent, raw, static_cast<std::size_t>(end_ - raw.data()));
  }

  [[gnu::noinline]] PathId find_unescaped(PathId parent, std::string_view raw) const noexcept {
    char name[kMaxEscapedName];
    const std::size_t size = write_unescaped(raw, name);
    return paths_.find(parent, {name, size}, size);
  }

  const PathTree& paths_;
  Place* places_;
  std::uint64_t& visits_;
  const char* begin_;
  const char* end_;
  JsonCarry carry_;
  // Objects of which members are named, one inside the other from the root on: the one at hand is
  // at nesting `wanted_`. Whatever is nested deeper than that is passed over.
  std::size_t depth_ = 0;
  std::size_t wanted_ = 0;
  const PathNode* object_ = nullptr;  // the one at hand
  const char* next_object_ = nullptr;
  PathId next_path_ = kNoPath;
  PathId objects_[kMaxJsonDepth];
};

}  // namespace

void scan_paths(const PathTree& paths, PathId root, std::string_view json, Place* places,
                std::uint64_t& visits) noexcept {
  PathScan(paths, json, places, visits).run(root);
}

}  // namespace veltrix::cel
