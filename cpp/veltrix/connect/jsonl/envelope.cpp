#include "veltrix/connect/jsonl/envelope.hpp"

#include "veltrix/cel/fault.hpp"
#include "veltrix/cel/operations.hpp"
#include "veltrix/connect/jsonl/record_time.hpp"

namespace veltrix {
namespace {

using cel::Kind;
using cel::Value;

constexpr std::array<std::string_view, Envelope::kParts> kNames = {
    "envelope.type", "envelope.id",      "envelope.source",   "envelope.time",
    "envelope.key",  "envelope.subject", "envelope.priority", "where"};

tl::unexpected<Error> refuse(Envelope::Part part, const std::string& what) {
  return fail(ErrorCode::kInvalidEvent, std::string(kNames[part]) + ": " + what);
}

/// "'x' (string)" for messages.
std::string shown(const Value& value) {
  std::string text;
  cel::append_text(value, text);
  return in_quotes(text) + " (" + std::string(cel::name_of(value.kind)) + ")";
}

bool is_plain(Kind kind) noexcept {
  return kind == Kind::kString || kind == Kind::kInt || kind == Kind::kUint ||
         kind == Kind::kDouble || kind == Kind::kBool || kind == Kind::kTimestamp;
}

}  // namespace

Result<Envelope> Envelope::compile(const EnvelopeOptions& options, std::string_view where) {
  const std::array<std::string_view, kParts> texts = {
      options.type, options.id,      options.source,   options.time,
      options.key,  options.subject, options.priority, where};
  Envelope out;
  cel::ExpressionSet::Builder builder;
  for (std::size_t part = 0; part < kParts; ++part) {
    out.expressions_[part] = kNone;
    if (texts[part].empty()) continue;
    const auto parsed = cel::parse(texts[part], cel::Declarations::of_line());
    if (!parsed) {
      Error error = cel::error_of(texts[part], parsed.error().front());
      error.message = std::string(kNames[part]) + ": " + error.message;
      return tl::make_unexpected(std::move(error));
    }
    out.expressions_[part] = builder.add(*parsed);
  }
  out.set_ = std::move(builder).build();
  return out;
}

Result<bool> EnvelopeMapper::wanted() {
  if (!envelope_.has(Envelope::kWhere)) return true;
  const cel::ExpressionId where = envelope_.expressions_[Envelope::kWhere];
  switch (envelope_.set_.test(where, frame_)) {
    case cel::Verdict::kTrue:
      return true;
    case cel::Verdict::kFalse:
    case cel::Verdict::kMissing:
      return false;
    case cel::Verdict::kError:
      break;
  }
  const Value value = envelope_.set_.evaluate(where, frame_);
  if (value.is_error()) return refuse(Envelope::kWhere, envelope_.set_.describe(where, value));
  return refuse(Envelope::kWhere, shown(value) + " is neither true nor false");
}

Result<void> EnvelopeMapper::map(EventFields& fields) {
  if (auto done = map_type(fields); !done) return done;
  if (auto done = map_text(Envelope::kId, fields.id); !done) return done;
  if (auto done = map_text(Envelope::kSource, fields.source); !done) return done;
  if (auto done = map_text(Envelope::kKey, fields.partition_key); !done) return done;
  if (auto done = map_text(Envelope::kSubject, fields.subject); !done) return done;
  if (auto done = map_time(fields); !done) return done;
  return map_priority(fields);
}

/// Null: not mapped, or left out by the expression.
Result<Value> EnvelopeMapper::value_of(Envelope::Part part) {
  if (!envelope_.has(part)) return Value::null();
  const cel::ExpressionId expression = envelope_.expressions_[part];
  const Value value = envelope_.set_.evaluate(expression, frame_);
  if (value.is_error()) return refuse(part, envelope_.set_.describe(expression, value));
  return value;
}

Result<void> EnvelopeMapper::map_type(EventFields& fields) {
  const auto value = value_of(Envelope::kType);
  if (!value) return tl::make_unexpected(value.error());
  // A type is what routes match on: a number or null is a mapping gone wrong, not a name.
  if (value->kind != Kind::kString) {
    return refuse(Envelope::kType, "a type is a text, not " + shown(*value));
  }
  if (value->size == 0) return refuse(Envelope::kType, "the type is empty");
  fields.type = value->view();
  return {};
}

Result<void> EnvelopeMapper::map_text(Envelope::Part part, std::string_view& out) {
  const auto value = value_of(part);
  if (!value) return tl::make_unexpected(value.error());
  if (value->kind == Kind::kNull) return {};
  if (!is_plain(value->kind)) {
    return refuse(part, shown(*value) + " is neither a text nor a number");
  }
  if (value->kind == Kind::kString) {
    out = value->view();
  } else {
    texts_[part].clear();
    cel::append_text(*value, texts_[part]);
    out = texts_[part];
  }
  if (out.empty()) return refuse(part, "the text is empty; let the expression be null instead");
  return {};
}

Result<void> EnvelopeMapper::map_time(EventFields& fields) {
  const auto value = value_of(Envelope::kTime);
  if (!value) return tl::make_unexpected(value.error());
  if (value->kind == Kind::kNull) return {};
  const auto time = record_time(*value);
  if (!time) {
    const bool says_it = value->kind == Kind::kString;  // the message quotes the text itself
    return refuse(Envelope::kTime, (says_it ? "" : shown(*value) + ": ") + time.error().message);
  }
  fields.time = *time;
  fields.has_time = true;
  return {};
}

Result<void> EnvelopeMapper::map_priority(EventFields& fields) {
  const auto value = value_of(Envelope::kPriority);
  if (!value) return tl::make_unexpected(value.error());
  if (value->kind == Kind::kNull) return {};
  const bool fits =
      (value->kind == Kind::kInt && value->integer >= 0 && value->integer < kPriorities) ||
      (value->kind == Kind::kUint && value->uinteger < kPriorities);
  if (!fits) {
    return refuse(Envelope::kPriority, shown(*value) + " is no whole number from 0 to 9");
  }
  fields.priority = static_cast<std::uint8_t>(value->integer);
  return {};
}

}  // namespace veltrix
