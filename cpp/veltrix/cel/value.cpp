#include "veltrix/cel/value.hpp"

namespace veltrix::cel {

// The names that type() shows, as the language definition has them.
std::string_view name_of(Kind kind) noexcept {
  switch (kind) {
    case Kind::kNull:
      return "null_type";
    case Kind::kBool:
      return "bool";
    case Kind::kInt:
      return "int";
    case Kind::kUint:
      return "uint";
    case Kind::kDouble:
      return "double";
    case Kind::kString:
      return "string";
    case Kind::kBytes:
      return "bytes";
    case Kind::kTimestamp:
      return "google.protobuf.Timestamp";
    case Kind::kDuration:
      return "google.protobuf.Duration";
    case Kind::kList:
      return "list";
    case Kind::kMap:
      return "map";
    case Kind::kType:
      return "type";
    case Kind::kError:
      break;
  }
  return "error";
}

// Labels of counters: stable, whatever the messages say.
std::string_view name_of(Reason reason) noexcept {
  switch (reason) {
    case Reason::kMissing:
      return "missing";
    case Reason::kNoOverload:
      return "no_overload";
    case Reason::kOverflow:
      return "overflow";
    case Reason::kDivideByZero:
      return "divide_by_zero";
    case Reason::kOutOfBounds:
      return "out_of_bounds";
    case Reason::kBadConversion:
      return "bad_conversion";
    case Reason::kBadPattern:
      return "bad_pattern";
    case Reason::kBadTimeZone:
      return "bad_time_zone";
    case Reason::kDuplicateKey:
      return "duplicate_key";
    case Reason::kTooMuchWork:
      return "too_much_work";
    case Reason::kTooMuchMemory:
      break;
  }
  return "too_much_memory";
}

}  // namespace veltrix::cel
