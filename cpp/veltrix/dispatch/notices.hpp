#pragma once
// What people shall read: dead letters and warnings, on their way to a log. State machine only.
//
//   N1  At most kMaxNotices wait; what comes on top is counted as lost, and said.
//   N2  Of one queue and code ten are told at once, then one a second. Every one that is not told
//   is
//       counted in `left_out` of the next notice of its kind, or of one that only says so: the sum
//       of notices, left out and lost is exact.
//   N3  Nothing is kept before somebody listens.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "veltrix/event/slot.hpp"

namespace veltrix {

enum class NoticeKind : std::uint8_t { kDeadLetter, kWarning, kLost };

struct Notice {
  NoticeKind kind = NoticeKind::kWarning;
  std::uint16_t queue = 0;  // kNoQueue: of no queue
  std::uint16_t attempts = 0;
  std::uint32_t type_id = kNoType;  // else `type`
  bool only_count = false;          // it says nothing but how many were left out
  std::uint64_t left_out = 0;       // of the same kind since the last one; kLost: of any kind
  std::string code;
  std::string text;
  std::string id;  // of the event
  std::string type;
};

class Notices {
 public:
  static constexpr std::size_t kMaxNotices = 256;
  static constexpr std::size_t kMaxKinds = 1'024;  // further ones share a count

  void listen() noexcept { listening_ = true; }

  struct Given {
    std::uint16_t queue;
    std::uint16_t attempts;
    std::string_view code;
    std::string_view text;
  };
  void dead_letter(const Slot& slot, const Given& given, std::int64_t now);
  void warning(const Given& given, std::int64_t now);

  /// Counts are due that no later notice of their kind has told.
  bool due(std::int64_t now) const noexcept { return now >= due_; }
  /// Tells them: those that have waited for a second, or all.
  void tell_left_out(std::int64_t now, bool all);

  bool waiting() const noexcept { return !waiting_.empty() || lost_ != 0; }
  /// Everything that waits, oldest first; `out` is empty.
  void take(std::vector<Notice>& out);

 private:
  struct Kind {
    double lines;  // that may be told at once
    std::int64_t at;
    NoticeKind kind;
    std::uint64_t left_out = 0;
  };
  using Key = std::pair<std::uint16_t, std::string>;

  void note(const Slot* slot, const Given& given, std::int64_t now);
  std::pair<const Key, Kind>& kind_of(NoticeKind kind, const Given& given, std::int64_t now);
  static bool may_tell(Kind& kind, std::int64_t now) noexcept;
  void push(Notice notice);

  bool listening_ = false;
  std::map<Key, Kind> kinds_;
  std::vector<Notice> waiting_;
  std::uint64_t lost_ = 0;
  std::int64_t due_ = INT64_MAX;
};

}  // namespace veltrix
