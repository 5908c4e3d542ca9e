#pragma once
// Follows a KeyPath into an event. One thread's: it keeps the JSON parser and its buffers from
// event to event, so that reading a key allocates only while they grow (with the largest payload).
//
// The value must be a scalar: a string (unescaped), a number (its text as it came), true or false.
// Absent, null, an object or an array, and data that is not JSON, count as missing. Where a member
// stands twice inside `data` the last one counts, at every level.

#include <memory>
#include <string>
#include <string_view>

#include "veltrix/event/event_fields.hpp"
#include "veltrix/match/key_path.hpp"

namespace veltrix {

class KeyReader {
 public:
  KeyReader();
  ~KeyReader();
  KeyReader(KeyReader&&) noexcept;
  KeyReader& operator=(KeyReader&&) noexcept;

  /// Writes the key's text into `out`; false (and `out` unspecified) when it is missing. An empty
  /// string inside `data` is a key, an empty attribute is a missing one.
  bool read(const KeyPath& path, const EventView& event, std::string_view type_text,
            std::string& out);

 private:
  struct Parser;
  bool read_data(const KeyPath& path, const Slot& slot, std::string& out);

  std::unique_ptr<Parser> parser_;  // made with the first `data` path
};

}  // namespace veltrix
