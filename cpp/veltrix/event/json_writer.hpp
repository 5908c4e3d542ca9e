#pragma once
// An event as CloudEvents 1.0 JSON: specversion, id, source, type, subject, time, datacontenttype,
// dataschema, the extensions in order of their tags, then data (as it came, but in one line) or
// data_base64.

#include <string>
#include <string_view>

#include "veltrix/event/event_fields.hpp"

namespace veltrix {

/// Appends one object without a line end. `type_text` is the interned type's text (ignored when the
/// slot carries it).
void append_event_json(const EventView& event, std::string_view type_text, std::string& out);

/// Appends `text` as a JSON string, quotes included.
void append_json_string(std::string_view text, std::string& out);

}  // namespace veltrix
