#include "veltrix/connect/jsonl/jsonl_source.hpp"

#include <algorithm>
#include <utility>

#include "veltrix/connect/jsonl/input_file.hpp"
#include "veltrix/connect/jsonl/input_paths.hpp"

namespace veltrix {
namespace {

constexpr std::uint64_t kLinesPerStopCheck = 256;
constexpr std::size_t kLookAhead = 32'768;  // text and tokens of that many bytes stay in the cache

/// The source's thread is the only writer: a load and a store, no locked instruction. Relaxed: the
/// counters are read one by one, nothing else is published with them.
void count(std::atomic<std::uint64_t>& counter, std::uint64_t by = 1) noexcept {
  counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

bool is_blank(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
}

}  // namespace

JsonlSource::JsonlSource(JsonlSourceOptions options)
    : options_(std::move(options)),
      lines_(options_.block_bytes, kMaxEventJson),
      rejects_(options_.rejects) {}

Error JsonlSource::named(Error error) const {
  return {error.code, "source \"" + options_.name + "\": " + error.message};
}

Result<void> JsonlSource::open() {
  auto files = expand_input_paths(options_.paths);
  if (!files) return tl::make_unexpected(named(std::move(files.error())));
  std::uint64_t total = 0;
  bool known = true;
  for (const std::string& path : *files) {
    // Opened for the proof only: thousands of files may be listed, and descriptors are few.
    const auto file = InputFile::open(path);
    if (!file) return tl::make_unexpected(named(file.error()));
    total += file->size();
    known = known && !file->is_stream();
  }
  progress_.total_bytes.store(known ? total : 0, std::memory_order_relaxed);
  files_ = std::move(*files);
  return rejects_.open().map_error([this](Error error) { return named(std::move(error)); });
}

Result<void> JsonlSource::run(SourceDoor& door) {
  auto outcome = run_files(door);
  auto closed = rejects_.close();
  if (outcome && !closed) outcome = std::move(closed);
  // Release: who sees `done` sees the final counters.
  progress_.done.store(true, std::memory_order_release);
  return outcome.map_error([this](Error error) { return named(std::move(error)); });
}

Result<void> JsonlSource::run_files(SourceDoor& door) {
  for (const std::string& path : files_) {
    if (door.stopping()) break;
    const auto next = read_file(path, door);
    if (!next) return tl::make_unexpected(next.error());
    if (*next == Next::kStop) break;
  }
  return {};
}

Result<JsonlSource::Next> JsonlSource::read_file(const std::string& path, SourceDoor& door) {
  auto file = InputFile::open(path);
  if (!file) return tl::make_unexpected(std::move(file.error()));
  lines_.begin();
  for (;;) {
    const auto got = file->read(lines_.room(), door);
    if (!got) return tl::make_unexpected(got.error());
    if (door.stopping()) return Next::kStop;  // also why nothing was got: not the end then
    count(progress_.bytes, *got);
    if (*got > 0) {
      lines_.commit(*got);
    } else {
      lines_.end();
    }
    if (take_lines(path, door) == Next::kStop) return Next::kStop;
    rejects_.flush();
    if (*got == 0) return Next::kGoOn;
  }
}

JsonlSource::Next JsonlSource::take_lines(const std::string& path, SourceDoor& door) {
  Next next = Next::kGoOn;
  const char* looked_until = nullptr;
  Line line;
  for (std::uint64_t taken = 1; next == Next::kGoOn; ++taken) {
    if (looked_until == nullptr || lines_.position() >= looked_until) {
      const std::string_view ahead = lines_.ahead(kLookAhead);
      reader_.look_ahead(ahead);
      looked_until = ahead.data() + ahead.size();
    }
    if (!lines_.next(line)) break;
    if (!is_blank(line.text)) next = take_line(path, line, door);
    if (taken % kLinesPerStopCheck == 0 && door.stopping()) next = Next::kStop;
  }
  reader_.look_ahead({});  // the buffer moves
  return next;
}

JsonlSource::Next JsonlSource::take_line(const std::string& path, const Line& line,
                                         SourceDoor& door) {
  Result<void> event;
  if (line.too_long) {
    event =
        fail(ErrorCode::kEventTooLarge, "the line is longer than " + std::to_string(kMaxEventJson) +
                                            " bytes; split the event or shorten its data");
  } else {
    event = reader_.read(line.text, true, fields_);
  }
  if (!event) {
    door.malformed();
    reject(path, line, event.error());
    return Next::kGoOn;
  }
  fields_.given_id = true;
  if (const auto taken = door.publish(fields_); !taken) {
    // The event was not taken and is no reject either: a later run may read it again.
    if (taken.error().code == ErrorCode::kEngineStopped) return Next::kStop;
    reject(path, line, taken.error());
    return Next::kGoOn;
  }
  count(progress_.records);
  return Next::kGoOn;
}

void JsonlSource::reject(const std::string& path, const Line& line, const Error& error) {
  count(progress_.records);
  count(progress_.rejected);
  rejects_.add(path, line.number, error, line.text);
}

}  // namespace veltrix
