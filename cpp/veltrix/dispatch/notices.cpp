#include "veltrix/dispatch/notices.hpp"

#include <algorithm>
#include <array>

#include "veltrix/base/clock.hpp"
#include "veltrix/event/event_fields.hpp"

namespace veltrix {

namespace {
constexpr double kAtOnce = 10;
constexpr std::int64_t kEvery = kSecond;
constexpr const char* kOther = "other";
}  // namespace

void Notices::dead_letter(const Slot& slot, const Given& given, std::int64_t now) {
  if (listening_) note(&slot, given, now);
}

void Notices::warning(const Given& given, std::int64_t now) {
  if (listening_) note(nullptr, given, now);
}

std::pair<const Notices::Key, Notices::Kind>& Notices::kind_of(NoticeKind kind, const Given& given,
                                                               std::int64_t now) {
  Key key(given.queue, given.code);
  if (kinds_.size() >= kMaxKinds && kinds_.find(key) == kinds_.end()) key.second = kOther;
  return *kinds_.try_emplace(std::move(key), Kind{kAtOnce, now, kind}).first;
}

bool Notices::may_tell(Kind& kind, std::int64_t now) noexcept {
  const double gained = static_cast<double>(now - kind.at) / static_cast<double>(kEvery);
  kind.lines = std::min(kAtOnce, kind.lines + gained);
  kind.at = now;
  if (kind.lines < 1) return false;
  kind.lines -= 1;
  return true;
}

void Notices::note(const Slot* slot, const Given& given, std::int64_t now) {
  const NoticeKind sort = slot != nullptr ? NoticeKind::kDeadLetter : NoticeKind::kWarning;
  Kind& kind = kind_of(sort, given, now).second;
  if (!may_tell(kind, now)) {
    if (kind.left_out++ == 0) due_ = std::min(due_, now + kEvery);
    return;
  }
  Notice notice;
  notice.kind = sort;
  notice.queue = given.queue;
  notice.left_out = std::exchange(kind.left_out, 0);
  notice.code = given.code;
  notice.text = given.text;
  if (slot != nullptr) {
    const EventView event(*slot);
    std::array<char, kUuidTextSize> scratch;
    notice.attempts = given.attempts;
    notice.id = event.id(scratch);
    notice.type_id = slot->type;
    if (slot->type == kNoType) notice.type = event.get(Attribute::kType);
  }
  push(std::move(notice));
}

void Notices::push(Notice notice) {
  if (waiting_.size() < kMaxNotices) {
    waiting_.push_back(std::move(notice));
  } else {
    lost_ += notice.left_out + (notice.only_count ? 0 : 1);
  }
}

void Notices::tell_left_out(std::int64_t now, bool all) {
  due_ = INT64_MAX;
  for (auto& [key, kind] : kinds_) {
    if (kind.left_out == 0) continue;
    if (!may_tell(kind, now) && !all) {
      due_ = std::min(due_, now + kEvery);
      continue;
    }
    Notice notice;
    notice.kind = kind.kind;
    notice.only_count = true;
    notice.queue = key.first;
    notice.code = key.second;
    notice.left_out = std::exchange(kind.left_out, 0);
    push(std::move(notice));
  }
}

void Notices::take(std::vector<Notice>& out) {
  out.swap(waiting_);
  if (lost_ == 0) return;
  Notice notice;
  notice.kind = NoticeKind::kLost;
  notice.left_out = std::exchange(lost_, 0);
  out.push_back(std::move(notice));
}

}  // namespace veltrix
