#include "veltrix/connect/jsonl/reject_log.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include "veltrix/event/json_validator.hpp"
#include "veltrix/event/json_writer.hpp"

namespace veltrix {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{64} << 10;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Bytes of the character at the front, by its first byte; 0 where none begins.
std::size_t character_size(unsigned char first) noexcept {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

}  // namespace

std::string replace_invalid_utf8(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const std::size_t size = character_size(static_cast<unsigned char>(text.front()));
    const bool whole = size > 0 && size <= text.size() && is_utf8(text.substr(0, size));
    out += whole ? text.substr(0, size) : kReplacement;
    text.remove_prefix(whole ? size : 1);
  }
  return out;
}

Result<void> RejectLog::open() {
  if (path_.empty()) return {};
  std::error_code ignored;
  created_ = !std::filesystem::exists(path_, ignored);
  return file_.open(path_, false);
}

void RejectLog::add(std::string_view file, std::uint64_t line, const Error& error,
                    std::string_view text) {
  const bool keep = kept_ < kRecentRejects;
  if (!keep && path_.empty()) return;
  Reject reject{std::string(file), line, error.code, replace_invalid_utf8(error.message),
                replace_invalid_utf8(text.substr(0, kMaxRejectText))};
  if (!path_.empty()) write(reject);
  if (!keep) return;
  ++kept_;
  const std::lock_guard lock(mutex_);
  recent_.push_back(std::move(reject));
}

void RejectLog::write(const Reject& reject) {
  buffer_ += R"({"file":)";
  append_json_string(replace_invalid_utf8(reject.file), buffer_);
  buffer_ += R"(,"line":)" + std::to_string(reject.line) + R"(,"code":)";
  append_json_string(error_name(reject.code), buffer_);
  buffer_ += R"(,"error":)";
  append_json_string(reject.error, buffer_);
  buffer_ += R"(,"text":)";
  append_json_string(reject.text, buffer_);
  buffer_ += "}\n";
  ++buffered_;
  if (buffer_.size() >= kBufferBytes) flush();
}

void RejectLog::flush() {
  if (buffer_.empty()) return;
  if (auto written = file_.write(buffer_)) {
    file_.commit();
    written_ = true;
  } else {
    file_.roll_back();
    lost_ += buffered_;
    if (first_failure_.empty()) first_failure_ = written.error().message;
  }
  buffer_.clear();
  buffered_ = 0;
}

Result<void> RejectLog::close() {
  if (!file_.is_open()) return {};
  flush();
  auto closed = file_.close();
  std::error_code ignored;
  if (created_ && !written_) std::filesystem::remove(path_, ignored);
  if (lost_ == 0) return closed;
  return fail(
      ErrorCode::kIo,
      std::to_string(lost_) + " rejected lines are missing in the rejects file: " + first_failure_);
}

std::vector<Reject> RejectLog::recent() const {
  const std::lock_guard lock(mutex_);
  return recent_;
}

}  // namespace veltrix
