#include "veltrix/cel/token_scan.hpp"

#include "veltrix/base/limits.hpp"
#include "veltrix/cel/frame.hpp"

namespace veltrix::cel {
namespace {

using Token = const std::uint32_t*;

class TokenScan {
 public:
  TokenScan(const PathTree& paths, const PayloadTokens& tokens, Place* places,
            std::uint64_t& visits) noexcept
      : paths_(paths),
        text_(tokens.text),
        end_(tokens.end),
        at_(tokens.begin),
        places_(places),
        visits_(visits) {}

  void run(PathId root) noexcept {
    Place& place = places_[root];
    place.visit = ++visits_;
    place.at = text_ + *at_;
    if (kind(at_) != '{' || paths_[root].children.empty()) return;
    PathId objects[kMaxJsonDepth];
    std::size_t open = 0;
    enter(objects[open++] = root);
    // The value was checked, its depth too: what does not begin a member ends an object.
    while (at_ != end_) {
      if (kind(at_) == '"') {
        const PathId inner = member();
        if (inner != kNoPath) enter(objects[open++] = inner);
        continue;
      }
      if (kind(at_++) != '}') continue;  // a comma
      if (--open == 0) return;
      object_ = objects[open - 1];
    }
  }

 private:
  char kind(Token token) const noexcept { return text_[*token]; }

  void enter(PathId path) noexcept {
    object_ = path;
    ++at_;  // its brace
  }

  /// Notes the member that begins here, and goes behind it; to its brace where it is an object of
  /// which members are wanted: that is the answer then.
  PathId member() noexcept {
    const char* const name = text_ + *at_ + 1;
    const char* closing = text_ + *(at_ + 1) - 1;
    while (*closing != '"') --closing;  // white space may stand before the colon
    at_ += 2;
    // For most members their last byte is all that has to be known; an empty name's is its quote.
    const PathNode& object = paths_[object_];
    if (object.may_end_with(closing[-1])) {
      // The text goes on behind the name at least up to the value.
      const auto readable = static_cast<std::size_t>(text_ + *at_ - name);
      const auto size = static_cast<std::size_t>(closing - name);
      const PathId path = paths_.find(object_, {name, size}, readable);
      if (path != kNoPath) {
        Place& place = places_[path];
        place.under = places_[object_].visit;
        place.visit = ++visits_;
        place.at = text_ + *at_;
        if (kind(at_) == '{' && !paths_[path].children.empty()) return path;
      }
    }
    skip_value();
    return kNoPath;
  }

  void skip_value() noexcept {
    std::size_t depth = 0;
    do {
      switch (kind(at_)) {
        case '{':
        case '[':
          ++depth;
          break;
        case '}':
        case ']':
          --depth;
          break;
        default:
          break;
      }
      ++at_;
    } while (depth != 0 && at_ != end_);
  }

  const PathTree& paths_;
  const char* const text_;
  const Token end_;
  Token at_;
  Place* const places_;
  std::uint64_t& visits_;
  PathId object_ = kNoPath;  // the one at hand
};

}  // namespace

void scan_tokens(const PathTree& paths, PathId root, const PayloadTokens& tokens, Place* places,
                 std::uint64_t& visits) noexcept {
  TokenScan(paths, tokens, places, visits).run(root);
}

}  // namespace veltrix::cel
