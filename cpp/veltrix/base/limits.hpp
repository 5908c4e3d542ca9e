#pragma once
// Every bound that a hostile input meets, in one place. Sizes are bytes unless the name says else.

#include <cstddef>
#include <cstdint>

namespace veltrix {

inline constexpr std::size_t kCacheLine = 64;

inline constexpr std::size_t kMaxEventBytes = std::size_t{1} << 20;  // attributes + payload
inline constexpr std::size_t kMaxAttributeBytes = 65'535;  // all attributes of one event together
inline constexpr std::size_t kMaxExtensionName = 20;       // CloudEvents 1.0: SHOULD NOT exceed 20
inline constexpr std::size_t kMaxExtensions = 64;          // extensions of one event
inline constexpr std::size_t kMaxJsonDepth = 64;      // nesting of one event, envelope included
inline constexpr std::size_t kMaxJsonNumber = 1'024;  // characters of one number
inline constexpr std::size_t kMaxEventJson = 2 * kMaxEventBytes;  // text: base64, escapes, spaces
inline constexpr std::size_t kMaxBatchEvents = 10'000;  // events of one batch JSON document
inline constexpr std::size_t kMaxBatchJson = std::size_t{64} << 20;  // text of one batch document
inline constexpr std::size_t kMaxTypes = 65'536;                     // interned types of one engine
inline constexpr std::size_t kMaxInternedTypeBytes = 256;  // a longer type is not interned
inline constexpr std::size_t kMaxQueues = 4'096;           // queues of one pipeline
inline constexpr std::size_t kMaxRoutes = 65'536;          // routes of one pipeline
inline constexpr std::size_t kMaxPatternBytes = 512;       // one type pattern
inline constexpr std::size_t kMaxReasons = 100;            // that one queue counts apart
inline constexpr std::size_t kMaxErrorText = 16'384;       // error and traceback text of an outcome
inline constexpr std::size_t kMaxFollowUps = 64;           // follow-up events of one attempt
inline constexpr std::size_t kMaxHops = 16;                // generations of follow-ups

inline constexpr int kPriorities = 10;  // 0 lowest … 9 most urgent
inline constexpr int kDefaultPriority = 4;
inline constexpr std::uint8_t kNoPriority = 255;  // "says nothing": the next in the chain decides

}  // namespace veltrix
