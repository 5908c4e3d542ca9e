#pragma once
// Reads CloudEvents from files of JSON lines, natively: blocks, lines, events, door.
//
// A bad line never stops the rest: it is counted, told with file and line number, and kept in the
// rejects file. Blank lines, CRLF, a byte order mark and a last line without an end are fine.
// Limits: a line of kMaxEventJson; memory of one block and one line. Stops within 256 lines, or
// 50 ms where it waits for standard input. Ids are the producer's, hence subject to dedup.

#include <cstdint>
#include <string>
#include <vector>

#include "veltrix/base/limits.hpp"
#include "veltrix/connect/jsonl/line_buffer.hpp"
#include "veltrix/connect/jsonl/reject_log.hpp"
#include "veltrix/engine/source.hpp"
#include "veltrix/event/json_reader.hpp"

namespace veltrix {

struct JsonlSourceOptions {
  std::string name;
  std::vector<std::string> paths;       // files, patterns, "-" for standard input; see input_paths
  std::uint8_t priority = kNoPriority;  // of events and routes that say nothing; the door's matter
  std::string rejects;                  // path of the rejects file; "" = none
  std::size_t block_bytes = std::size_t{1} << 20;  // read at once; tests make it small
};

class JsonlSource final : public Source {
 public:
  explicit JsonlSource(JsonlSourceOptions options);

  const std::string& name() const noexcept override { return options_.name; }
  const SourceProgress& progress() const noexcept override { return progress_; }
  Result<void> open() override;
  Result<void> run(SourceDoor& door) override;

  const JsonlSourceOptions& options() const noexcept { return options_; }
  /// The first kRecentRejects rejects, for people. Any thread.
  std::vector<Reject> recent_rejects() const { return rejects_.recent(); }

 private:
  /// Whether the run goes on after a line, a file.
  enum class Next : bool { kStop, kGoOn };

  Result<void> run_files(SourceDoor& door);
  Result<Next> read_file(const std::string& path, SourceDoor& door);
  Next take_lines(const std::string& path, SourceDoor& door);
  Next take_line(const std::string& path, const Line& line, SourceDoor& door);
  void reject(const std::string& path, const Line& line, const Error& error);
  Error named(Error error) const;

  JsonlSourceOptions options_;
  SourceProgress progress_;
  std::vector<std::string> files_;
  LineBuffer lines_;
  RejectLog rejects_;
  JsonReader reader_;
  EventFields fields_;
};

}  // namespace veltrix
