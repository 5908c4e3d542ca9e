#include "veltrix/connect/jsonl/record_reader.hpp"

#include <utility>

#include "veltrix/connect/jsonl/reject_log.hpp"
#include "veltrix/event/json_validator.hpp"

namespace veltrix {

Result<RecordFormat> RecordFormat::compile(const RecordOptions& options, std::string source) {
  auto envelope = Envelope::compile(options.envelope, options.where);
  if (!envelope) return tl::make_unexpected(std::move(envelope.error()));
  auto pattern = LinePattern::compile(options.pattern);
  if (!pattern) return tl::make_unexpected(std::move(pattern.error()));
  const bool mapped = envelope->has(Envelope::kType);
  if (options.plain_text && !mapped) {
    return fail(ErrorCode::kInvalidOption, "lines of text need an `envelope` with a `type`");
  }
  const bool filtered = envelope->has(Envelope::kWhere);
  return RecordFormat{options.plain_text,  mapped,           filtered, std::move(*envelope),
                      std::move(*pattern), std::move(source)};
}

void RecordReader::look_ahead(std::string_view lines) {
  if (!format_.is_mapped) json_.look_ahead(lines);
}

Result<bool> RecordReader::read(const Record& record, EventFields& fields) {
  if (!format_.is_mapped) return read_event(record, fields);
  fields.clear();
  std::string_view json = record.text;
  if (format_.is_plain_text) {
    if (auto made = format_.pattern.write(json, object_); !made) {
      return tl::make_unexpected(std::move(made.error()));
    }
    json = object_;
  } else if (auto valid = validate_json(json, 1); !valid) {  // 1: inside of the event
    return tl::make_unexpected(std::move(valid.error()));
  }
  mapper_.begin(json);
  auto wanted = mapper_.wanted();
  if (!wanted || !*wanted) return wanted;
  if (auto mapped = mapper_.map(fields); !mapped) {
    return tl::make_unexpected(std::move(mapped.error()));
  }
  if (fields.source.empty()) fields.source = format_.source;
  give_id(record, fields);
  fields.data_kind = DataKind::kJson;
  fields.data = json;
  return true;
}

Result<bool> RecordReader::read_event(const Record& record, EventFields& fields) {
  if (auto read = json_.read(record.text, record.padded, fields); !read) {
    return tl::make_unexpected(std::move(read.error()));
  }
  if (!format_.is_filtered) return true;
  mapper_.begin(record.text);
  return mapper_.wanted();
}

/// The id makes an event that is read again a duplicate of the first. What has none gets the place
/// of its record; on standard input there is no such place, and the engine makes an id.
void RecordReader::give_id(const Record& record, EventFields& fields) {
  if (fields.id.empty()) {
    if (record.path == nullptr || *record.path == "-") return;
    id_ = replace_invalid_utf8(*record.path);
    id_ += ':';
    id_ += std::to_string(record.offset);
    fields.id = id_;
  }
  fields.given_id = true;
}

}  // namespace veltrix
