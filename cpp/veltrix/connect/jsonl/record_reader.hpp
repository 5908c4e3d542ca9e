#pragma once
// One record of a source to one event: CloudEvents as they are, other JSON and plain text through
// an envelope. BlockScanner reads with it, the source reads rejects again with it to tell them, and
// `veltrix source peek` shows what it does.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "veltrix/connect/jsonl/envelope.hpp"
#include "veltrix/connect/jsonl/line_pattern.hpp"
#include "veltrix/event/json_reader.hpp"

namespace veltrix {

struct RecordOptions {
  EnvelopeOptions envelope;  // no `type`: records are CloudEvents
  std::string where;         // over `line`: which records become events; "" = all
  bool plain_text = false;   // lines are text, not JSON
  std::string pattern;       // of plain text, see line_pattern.hpp
};

/// The same, compiled. Immutable; any thread may read it.
struct RecordFormat {
  /// `source`: of events whose envelope says none. kInvalidExpression, kInvalidOption.
  static Result<RecordFormat> compile(const RecordOptions& options, std::string source);

  bool is_plain_text = false;
  bool is_mapped = false;    // by the envelope
  bool is_filtered = false;  // by `where`
  Envelope envelope;
  LinePattern pattern;
  std::string source;
};

struct Record {
  std::string_view text;
  const std::string* path = nullptr;  // "-": standard input, which is not read again
  std::uint64_t offset = 0;           // of the line in its file, unpacked
  bool padded = true;                 // kJsonPadding readable bytes follow
};

/// One per thread.
class RecordReader {
 public:
  /// `format` outlives it.
  explicit RecordReader(const RecordFormat& format) : format_(format), mapper_(format.envelope) {}

  /// Optional, see JsonReader.
  void look_ahead(std::string_view lines);
  /// False: `where` says no. `fields` are valid until the next call.
  Result<bool> read(const Record& record, EventFields& fields);

 private:
  Result<bool> read_event(const Record& record, EventFields& fields);
  void give_id(const Record& record, EventFields& fields);

  const RecordFormat& format_;
  EnvelopeMapper mapper_;
  JsonReader json_;
  std::string object_;  // a line of text, as JSON
  std::string id_;
};

}  // namespace veltrix
