#pragma once
// CloudEvents 1.0 JSON, structured and batch, into EventFields. simdjson finds the tokens, one pass
// over them takes the members; `data` stays a slice of the input, checked but not decoded.
//
// Refused, each with its code and the member's name: not JSON, not an object, bytes after it, bad
// UTF-8 or escapes, specversion other than "1.0", a required member missing, empty or not a string,
// an envelope member that stands twice, an illegal extension name, an extension value that is
// neither string, 32-bit integer nor boolean, `data` and `data_base64` together, nesting beyond
// kMaxJsonDepth, a number longer than kMaxJsonNumber, an event beyond kMaxEventBytes, `priority`
// outside 0 … 9, an empty text where an attribute of CloudEvents or a known extension stands. A
// null attribute counts as absent (CloudEvents JSON format 2.2), and so does `"data": null`, as in
// the Python package `cloudevents`. An integer `sequence` is kept as an extension of that kind.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "veltrix/base/error.hpp"
#include "veltrix/event/event_fields.hpp"

namespace veltrix {

/// Holds the parser and the buffers that the fields point into: they are valid until the next call.
/// One per thread.
class JsonReader {
 public:
  JsonReader();
  ~JsonReader();
  JsonReader(JsonReader&&) noexcept;

  /// Optional, before the lines of a block are read one by one and in order: finds the tokens of
  /// all of them at once. `lines` are whole lines, at most one document in each, kJsonPadding
  /// readable bytes behind them; they stay as they are until the next call, be it with an empty
  /// block.
  void look_ahead(std::string_view lines);
  /// `padded`: at least kJsonPadding readable bytes follow `json`; else it is copied first.
  Result<void> read(std::string_view json, bool padded, EventFields& out);

  /// Splits a batch document (an array of events) into the slices of its elements. They are JSON,
  /// but their UTF-8 is left to read(), and no padding follows the last.
  Result<std::vector<std::string_view>> split_batch(std::string_view json);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace veltrix
