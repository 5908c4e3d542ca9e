#pragma once
// Expected failures as values: an ErrorCode, and a message that says what happened and what to do.
//
// Hot paths return Result<T> and are noexcept. Codes map one to one to the Python classes in
// python/veltrix/errors.py through error_name(); a house test walks the table both ways, and
// nobody may tell errors apart by their message text.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace veltrix {

enum class ErrorCode : std::uint16_t {
  kInvalidEvent,       // an attribute is missing, misspelt or of the wrong form
  kInvalidJson,        // not JSON, or JSON that is outside the limits
  kInvalidUtf8,        // text that is not UTF-8
  kEventTooLarge,      // larger than kMaxEventBytes, or attributes beyond kMaxAttributeBytes
  kTooDeep,            // JSON nested deeper than kMaxJsonDepth
  kDuplicateMember,    // an envelope member stands twice
  kInvalidPattern,     // a type pattern that cannot be read
  kInvalidKeyPath,     // a key that is not a plain dotted path
  kInvalidExpression,  // an expression that cannot be read, or that can never work
  kInvalidOption,      // an option out of its range
  kUnmatched,          // no route takes the event, and `unmatched: reject`
  kQueueFull,          // the queue's capacity is taken (at once, or after the overflow timeout)
  kConflict,           // its id was accepted with another payload
  kEngineStopped,      // the engine does not take events (any more, or yet)
  kCommitFailed,       // the commit stage could not make the event durable
  kTimeout,            // a wait ended before what it waited for
  kDeadlock,           // the call would wait for the thread that makes it
  kForked,             // used in a child process after fork()
  kIo,                 // a file could not be opened, read or written
};

inline constexpr int kErrorCodeCount = static_cast<int>(ErrorCode::kIo) + 1;

/// "queue_full" and so on: the stable name that users, metrics and Python see.
std::string_view error_name(ErrorCode code) noexcept;

struct Error {
  ErrorCode code;
  std::string message;
};

template <class T>
using Result = tl::expected<T, Error>;

/// 'text' for a message: quoted, at most 64 bytes, whatever is not printable ASCII as '?', so that
/// a message stays one line of UTF-8 whatever the input was.
std::string in_quotes(std::string_view text);

inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::make_unexpected(Error{code, std::move(message)});
}

}  // namespace veltrix
