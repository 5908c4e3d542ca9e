#pragma once
// Writes events as CloudEvents JSON lines, natively, at the end of a file.
//
// Called by one executor at a time (see engine/sink.hpp). Events are gathered in a buffer and
// written when a batch ends, or earlier when the buffer is full; when a write fails, the whole
// batch fails and what the file got of it is taken back, so that its retry writes nothing twice. A
// dated path is looked at before each batch: a batch goes into one file.
//
// A path that ends with .gz: each write is one whole gzip member, so that the file is valid
// whenever a batch has ended, and a failed batch can be taken back. Small batches pack badly for
// it.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "veltrix/base/clock.hpp"
#include "veltrix/connect/jsonl/append_file.hpp"
#include "veltrix/connect/jsonl/dated_path.hpp"
#include "veltrix/connect/jsonl/gzip_member.hpp"
#include "veltrix/engine/sink.hpp"

namespace veltrix {

struct JsonlSinkOptions {
  std::string name;
  std::string path;       // %Y %m %d: the day, UTC; "-" = standard output; .gz = packed
  bool truncate = false;  // true: a file is emptied when it is opened
  std::size_t buffer_bytes = std::size_t{256} << 10;
};

class JsonlSink final : public Sink {
 public:
  using WallClock = std::function<std::int64_t()>;  // nanoseconds since 1970, UTC
  explicit JsonlSink(JsonlSinkOptions options, WallClock clock = wall_ns);

  Result<void> open() override;
  Result<void> write(const EventView& event, std::string_view type_text) override;
  Result<void> flush() override;
  Result<void> close() override;

  const JsonlSinkOptions& options() const noexcept { return options_; }

 private:
  Result<void> open_file();
  Result<void> turn_page();
  Result<void> spill();
  Result<void> note(Result<void> outcome);

  JsonlSinkOptions options_;
  WallClock clock_;
  DatedPath path_;
  std::int64_t day_ = 0;
  AppendFile file_;
  std::optional<GzipMember> packer_;  // of a .gz file
  std::string packed_;                // its scratch
  std::string buffer_;
  bool batch_open_ = false;           // events came since the last flush()
  std::optional<Error> batch_error_;  // the batch has failed already; told again by flush()
};

}  // namespace veltrix
