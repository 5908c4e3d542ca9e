#pragma once
// Records that are not CloudEvents become events here: expressions over `line`, the record as a
// JSON value, say what their type, id, time and so on are. `data` is the whole record.
//
// What a mapping cannot say is an error of the record, which the source tells as a reject; null
// leaves an optional attribute out. Nothing is guessed: a record with a wrong time would be sorted
// wrongly, one with a wrong id be a duplicate of another.

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "veltrix/base/error.hpp"
#include "veltrix/cel/expression_set.hpp"
#include "veltrix/event/event_fields.hpp"

namespace veltrix {

/// Expressions over `line`; "" = not mapped. With `type` mapped, records are not CloudEvents.
struct EnvelopeOptions {
  std::string type;    // a text
  std::string id;      // default: the place of the record, so that reading again is a duplicate
  std::string source;  // default: the source's name
  std::string time;    // RFC 3339, a timestamp, or a number: seconds, milliseconds above 1e11
  std::string key;     // the event's partition key
  std::string subject;
  std::string priority;  // 0 … 9
};

/// The compiled expressions. Immutable; any thread may read it.
class Envelope {
 public:
  enum Part : std::uint8_t { kType, kId, kSource, kTime, kKey, kSubject, kPriority, kWhere };
  static constexpr std::size_t kParts = 8;

  /// `where`: records for which it does not hold become no events. kInvalidExpression names the
  /// option.
  static Result<Envelope> compile(const EnvelopeOptions& options, std::string_view where);

  bool has(Part part) const noexcept { return expressions_[part] != kNone; }

 private:
  friend class EnvelopeMapper;
  static constexpr cel::ExpressionId kNone = 0xFFFF'FFFF;

  cel::ExpressionSet set_;
  std::array<cel::ExpressionId, kParts> expressions_{};
};

/// Evaluates an Envelope. One thread's.
class EnvelopeMapper {
 public:
  /// `envelope` outlives it.
  explicit EnvelopeMapper(const Envelope& envelope) : envelope_(envelope) {}

  /// The record that the calls below are about: valid JSON.
  void begin(std::string_view json) { frame_.begin(envelope_.set_, json); }
  /// Whether `where` holds. A missing member means no, as with routes; any other error is one.
  Result<bool> wanted();
  /// Fills in what is mapped; `fields` point into the record and into this object until begin().
  Result<void> map(EventFields& fields);

 private:
  Result<cel::Value> value_of(Envelope::Part part);
  Result<void> map_type(EventFields& fields);
  Result<void> map_text(Envelope::Part part, std::string_view& out);
  Result<void> map_time(EventFields& fields);
  Result<void> map_priority(EventFields& fields);

  const Envelope& envelope_;
  cel::Frame frame_;
  std::array<std::string, Envelope::kParts> texts_;  // of values that are no texts
};

}  // namespace veltrix
