#pragma once
// One event under evaluation: where its members come from, which of them were read, which
// sub-expressions are known already. Private to this room; Frame is its public face.
//
// Nothing is cleared between two events: what was found for an event carries the event's number
// (`generation`), and what was found inside an object of the payload carries the number of that
// object (`visit`). Neither number comes twice, so what carries another one is not there.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "veltrix/cel/event_members.hpp"
#include "veltrix/cel/program.hpp"
#include "veltrix/cel/value.hpp"
#include "veltrix/cel/workspace.hpp"

namespace veltrix::cel {

/// One path of the program, in the event at hand.
struct Place {
  std::uint64_t known = 0;  // the generation for which `value` is right
  Value value;
  std::uint64_t visit = 0;   // of the value met here last
  std::uint64_t under = 0;   // `visit` of the parent when that was
  const char* at = nullptr;  // where it begins in the text
};

struct Memo {
  std::uint64_t known = 0;
  Value value;
};

class EventFrame {
 public:
  void begin(const Program& program, const EventFields& fields, std::string_view type_text);
  void begin(const Program& program, const EventView& event, std::string_view type_text);
  void begin(const Program& program, std::string_view json);
  void begin(const Program& program, std::span<const Value> variables);
  /// Before any of the above: for folding constants, which have no event.
  void begin(const Program& program);

  /// For values that the next begin() may be given.
  Workspace& prepared() noexcept;
  Workspace& work() noexcept { return works_[current_]; }

  const Value& path(PathId path) noexcept {
    Place& place = places_[path];
    if (place.known != generation_) [[unlikely]] {
      place.value = read(path);
      place.known = generation_;
    }
    return place.value;
  }
  /// A bool, or why that cannot be said; the error's place is left to the caller.
  Value has(PathId path) noexcept;

  Memo& memo(std::uint32_t index) noexcept { return memos_[index]; }
  std::uint64_t generation() const noexcept { return generation_; }

  // The variables of the macros that are at work, the innermost last.
  bool enter(const Value& item) noexcept {
    if (local_count_ == kMaxExpressionDepth) return false;
    locals_[local_count_++] = item;
    return true;
  }
  void replace(const Value& item) noexcept { locals_[local_count_ - 1] = item; }
  void leave() noexcept { --local_count_; }
  const Value& local(std::uint32_t outwards) const noexcept {
    return locals_[local_count_ - 1 - outwards];
  }
  bool in_macro() const noexcept { return local_count_ != 0; }

 private:
  enum class Form : std::uint8_t { kNone, kEvent, kJson, kVariables };

  void start(const Program& program, Form form);
  Value read(PathId path) noexcept;
  Value read_root(const PathNode& node) noexcept;
  Value whole_event() noexcept;
  /// The path below which everything is found by scanning text, and that text.
  bool is_scanned(PathId path) const noexcept;
  std::string_view scanned_text() const noexcept;
  void scan() noexcept;
  bool is_there(PathId path) const noexcept;
  Value why_not_there(PathId path) const noexcept;
  Value find_scanned(PathId path) noexcept;
  Value missing(PathId path) const noexcept;

  const Program* program_ = nullptr;
  Form form_ = Form::kNone;
  std::uint64_t generation_ = 0;
  std::uint64_t visits_ = 0;
  std::uint64_t scanned_ = 0;  // the generation whose text has been scanned
  std::vector<Place> places_;
  std::vector<Memo> memos_;
  EventMembers event_;
  std::string_view json_;
  PathId scan_root_ = kNoPath;
  std::vector<Value> variables_;
  // Two, so that the values which the next begin() is given outlive it.
  Workspace works_[2];
  std::uint32_t current_ = 0;
  bool prepared_ = false;
  std::uint32_t local_count_ = 0;
  Value locals_[kMaxExpressionDepth];
};

}  // namespace veltrix::cel
