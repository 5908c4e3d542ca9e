#include "veltrix/connect/jsonl/jsonl_sink.hpp"

#include <utility>

#include "veltrix/event/json_writer.hpp"

namespace veltrix {

JsonlSink::JsonlSink(JsonlSinkOptions options, WallClock clock)
    : options_(std::move(options)), clock_(std::move(clock)) {}

/// Puts the sink's name in front of an error.
Result<void> JsonlSink::note(Result<void> outcome) {
  return std::move(outcome).map_error([this](const Error& error) {
    return Error{error.code, "sink \"" + options_.name + "\": " + error.message};
  });
}

Result<void> JsonlSink::open() {
  if (options_.path.empty()) {
    return note(fail(ErrorCode::kInvalidOption, "it has no path; write one, or \"-\""));
  }
  auto path = DatedPath::parse(options_.path);
  if (!path) return note(tl::make_unexpected(std::move(path.error())));
  path_ = std::move(*path);
  if (options_.path.ends_with(".gz")) packer_.emplace();
  return open_file();
}

Result<void> JsonlSink::open_file() {
  const std::int64_t now = clock_();
  const auto content = packer_ ? AppendFile::Content::kGzip : AppendFile::Content::kLines;
  auto opened = file_.open(path_.at(now), options_.truncate, content);
  if (opened) day_ = DatedPath::day(now);
  return note(std::move(opened));
}

Result<void> JsonlSink::turn_page() {
  if (file_.is_open() && (!path_.is_dated() || DatedPath::day(clock_()) == day_)) return {};
  if (auto closed = file_.close(); !closed) return note(std::move(closed));
  return open_file();
}

Result<void> JsonlSink::write(const EventView& event, std::string_view type_text) {
  if (!batch_open_) {
    if (auto turned = turn_page(); !turned) return turned;
    batch_open_ = true;
  }
  if (batch_error_) return tl::make_unexpected(*batch_error_);
  append_event_json(event, type_text, buffer_);
  buffer_.push_back('\n');
  if (buffer_.size() < options_.buffer_bytes) return {};
  auto spilled = spill();
  if (!spilled) batch_error_ = spilled.error();
  return spilled;
}

Result<void> JsonlSink::spill() {
  if (packer_) packer_->pack(buffer_, packed_);
  auto written = file_.write(packer_ ? packed_ : buffer_);
  buffer_.clear();
  if (!written) file_.roll_back();
  return note(std::move(written));
}

Result<void> JsonlSink::flush() {
  batch_open_ = false;
  if (batch_error_) {
    Error error = std::move(*batch_error_);
    batch_error_.reset();
    return tl::make_unexpected(std::move(error));
  }
  if (!buffer_.empty()) {
    if (auto spilled = spill(); !spilled) return spilled;
  }
  file_.commit();
  return {};
}

Result<void> JsonlSink::close() {
  if (!file_.is_open()) return {};
  auto flushed = flush();
  auto closed = file_.close();
  return flushed ? note(std::move(closed)) : flushed;
}

}  // namespace veltrix
