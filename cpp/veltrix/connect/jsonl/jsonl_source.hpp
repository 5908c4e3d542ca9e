#pragma once
// Reads events from files of lines, natively, gzip included: blocks, lines, events, door. The lines
// are CloudEvents, or other JSON or plain text that an envelope makes events of
// (record_reader.hpp).
//
// A bad line never stops the rest: it is counted, told with file and line number, and kept in the
// rejects file. Blank lines, CRLF, a byte order mark and a last line without an end are fine.
// Limits: a line of kMaxEventJson; memory of two blocks and two lines per thread. Stops within 256
// lines, or 50 ms where it waits for standard input. Ids are the producer's, hence subject to
// dedup.
//
// Threads: each takes the next block, looks through it by itself and finishes it; blocks are
// settled (events handed over, rejects told) in the order of the input. One thread is the same
// thing.

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "veltrix/base/limits.hpp"
#include "veltrix/connect/jsonl/block_order.hpp"
#include "veltrix/connect/jsonl/block_reader.hpp"
#include "veltrix/connect/jsonl/record_reader.hpp"
#include "veltrix/connect/jsonl/reject_log.hpp"
#include "veltrix/engine/source.hpp"

namespace veltrix {

inline constexpr std::uint32_t kMaxSourceThreads = 16;

struct JsonlSourceOptions {
  std::string name;
  std::vector<std::string> paths;       // files, patterns, "-" for standard input; see input_paths
  std::uint8_t priority = kNoPriority;  // of events and routes that say nothing; the door's matter
  std::string rejects;                  // path of the rejects file; "" = none
  std::uint32_t parallel = 0;           // 1 … 16: threads; 0 = two for large files, else one
  RecordOptions records;
  std::size_t block_bytes = std::size_t{1} << 18;  // read at once; tests make it small
};

class JsonlSource final : public Source {
 public:
  explicit JsonlSource(JsonlSourceOptions options);

  const std::string& name() const noexcept override { return options_.name; }
  const SourceProgress& progress() const noexcept override { return progress_; }
  Result<void> open() override;
  Result<void> run(SourceDoor& door) override;

  const JsonlSourceOptions& options() const noexcept { return options_; }
  /// Threads that run() will use. After open().
  std::uint32_t threads() const noexcept;
  /// The first kRecentRejects rejects, for people. Any thread.
  std::vector<Reject> recent_rejects() const { return rejects_.recent(); }

 private:
  void work(BlockOrder& order, SourceDoor& door);
  bool read(Block& block, const SourceDoor& door);
  void settle(Block& block, SourceDoor& door);
  bool push(const Block& block, const Finding& finding, SourceDoor& door);
  void tell(const Block& block, const Finding& finding);
  void reject(const Block& block, const Finding& finding, const Error& error);
  Error named(Error error) const;

  JsonlSourceOptions options_;
  SourceProgress progress_;
  std::optional<RecordFormat> format_;  // since open()
  std::mutex reading_;
  BlockReader input_{progress_.bytes};  // GUARDED_BY(reading_)
  Result<void> outcome_;                // GUARDED_BY(reading_)
  // Of whoever settles (see block_order.hpp):
  RejectLog rejects_;
  std::optional<RecordReader> again_;  // for malformed lines, when they are told
  EventFields fields_;                 // likewise
  std::uint64_t line_ends_ = 0;        // of the file at hand, before the block
  bool stopped_ = false;               // the door takes nothing more
};

}  // namespace veltrix
