#pragma once
// Whole lines of one file on their way through a source: read, then looked through by any thread,
// then settled in the order of their numbers. One thread's at a time.

#include <cstdint>
#include <string>
#include <vector>

#include "veltrix/base/error.hpp"
#include "veltrix/connect/jsonl/line_buffer.hpp"
#include "veltrix/event/slot.hpp"

namespace veltrix {

/// A line that is more than counted: an event for the door, or a reject.
struct Finding {
  static constexpr std::uint32_t kMalformed = 0xFFFF'FFFF;

  Slot* slot = nullptr;  // the event
  // Of a reject: which of the block's errors. kMalformed: not kept, for a block may consist of
  // nothing else; who wants to know reads the line again.
  std::uint32_t error = kMalformed;
  bool too_long = false;
  std::uint32_t offset = 0;  // of the line in the buffer
  std::uint32_t size = 0;
  std::uint32_t line = 0;  // in the block, from 1
};

struct Block {
  Block(std::size_t block_bytes, std::size_t max_line_bytes) : lines(block_bytes, max_line_bytes) {}

  std::string_view text(const Finding& finding) const noexcept {
    return {lines.bytes() + finding.offset, finding.size};
  }

  std::uint64_t number = 0;  // of all blocks of the source, from 0
  const std::string* path = nullptr;
  bool of_file = false;      // the file begins here
  std::uint64_t offset = 0;  // of its first line in the file, unpacked
  bool more_follow = false;  // the next block of the file is there to be read
  LineBuffer lines;
  std::vector<Finding> findings;  // in order
  std::vector<Error> errors;
  std::uint64_t quiet = 0;     // events that no queue takes: nothing to do but count them
  std::uint64_t filtered = 0;  // records that are no events, because the source's `where` says so
};

}  // namespace veltrix
