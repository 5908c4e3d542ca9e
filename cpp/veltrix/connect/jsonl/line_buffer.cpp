#include "veltrix/connect/jsonl/line_buffer.hpp"

#include <algorithm>
#include <cstring>

#include "veltrix/event/slot.hpp"

namespace veltrix {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

LineBuffer::LineBuffer(std::size_t block_bytes, std::size_t max_line_bytes)
    : block_bytes_(std::max<std::size_t>(block_bytes, 1)), max_line_bytes_(max_line_bytes) {}

void LineBuffer::begin(Start start, std::string_view carry) {
  begin_ = scanned_ = end_ = 0;
  number_ = 1;
  of_file_ = start.of_file;
  skipping_ = start.inside_long_line;
  ended_ = false;
  if (carry.empty()) return;
  reserve(carry.size());
  std::memcpy(buffer_.get(), carry.data(), carry.size());
  end_ = carry.size();
}

/// Room for one block behind `kept` bytes, which stay.
void LineBuffer::reserve(std::size_t kept) {
  if (kept + block_bytes_ <= capacity_) return;
  // Doubling up to the bound: a long line in small blocks is not copied once per block.
  capacity_ =
      std::max(kept + block_bytes_, std::min(2 * capacity_, max_line_bytes_ + block_bytes_));
  auto larger = std::make_unique_for_overwrite<char[]>(capacity_ + kJsonPadding);
  std::memset(larger.get() + capacity_, 0, kJsonPadding);
  if (size() > 0) std::memcpy(larger.get() + begin_, buffer_.get() + begin_, size());
  buffer_ = std::move(larger);
}

std::span<char> LineBuffer::room() {
  const std::size_t left = size();  // at most max_line_bytes_: next() or cut() has seen to it
  if (left > 0 && begin_ > 0) std::memmove(buffer_.get(), buffer_.get() + begin_, left);
  scanned_ -= begin_;
  begin_ = 0;
  end_ = left;
  reserve(left);
  return {buffer_.get() + left, block_bytes_};
}

void LineBuffer::commit(std::size_t bytes) noexcept { end_ += bytes; }

void LineBuffer::fill(Line& line, std::size_t length, bool too_long) const noexcept {
  line.text = {buffer_.get() + begin_, length};
  line.number = number_;
  line.too_long = too_long;
  if (number_ == 1 && of_file_ && line.text.starts_with(kByteOrderMark)) {
    line.text.remove_prefix(kByteOrderMark.size());
  }
  if (!too_long && line.text.ends_with('\r')) line.text.remove_suffix(1);
}

bool LineBuffer::next(Line& line) noexcept {
  while (scanned_ < end_) {
    const char* from = buffer_.get() + scanned_;
    const auto* found = static_cast<const char*>(std::memchr(from, '\n', end_ - scanned_));
    if (found == nullptr) break;
    const std::size_t length = static_cast<std::size_t>(found - buffer_.get()) - begin_;
    const bool reported = skipping_;
    if (!reported) fill(line, length, length > max_line_bytes_);
    begin_ = scanned_ = begin_ + length + 1;
    skipping_ = false;
    ++number_;
    if (!reported) return true;
  }
  scanned_ = end_;
  return next_without_end(line);
}

LineBuffer::Cut LineBuffer::cut(std::string& carry) {
  const std::string_view there(position(), size());
  const std::size_t whole = there.rfind('\n') + 1;  // npos + 1 = 0
  if (there.size() - whole > max_line_bytes_) return Cut::kInside;
  if (whole == 0) return Cut::kNoEnd;
  carry.assign(there.substr(whole));
  end_ = begin_ + whole;
  return Cut::kWhole;
}

std::string_view LineBuffer::ahead(std::size_t bytes) const noexcept {
  const std::string_view there(position(), std::min(bytes, end_ - begin_));
  return there.substr(0, there.rfind('\n') + 1);  // npos + 1 = 0
}

bool LineBuffer::next_without_end(Line& line) noexcept {
  const std::size_t length = end_ - begin_;
  if (skipping_) {
    begin_ = end_;
    return false;
  }
  const bool too_long = length > max_line_bytes_;
  if (length == 0 || (!too_long && !ended_)) return false;
  fill(line, length, too_long);
  begin_ = end_;
  skipping_ = too_long;
  return true;
}

}  // namespace veltrix
