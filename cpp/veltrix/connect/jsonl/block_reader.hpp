#pragma once
// From files to blocks of whole lines, in order. It knows nothing of JSON. The beginning of a line
// whose end is in the next block is carried over: that is all it remembers, one line at most.
//
// One thread's at a time.

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "veltrix/connect/jsonl/block.hpp"
#include "veltrix/connect/jsonl/unpacked_input.hpp"

namespace veltrix {

class BlockReader {
 public:
  /// `bytes`: counts what is read of the files, as they lie there.
  explicit BlockReader(std::atomic<std::uint64_t>& bytes) : bytes_(bytes) {}
  void open(std::vector<std::string> files) { files_ = std::move(files); }

  /// False: the end, or the door is stopping. kIo: what cannot be read; nothing follows it.
  Result<bool> next(Block& block, const SourceDoor& door);

 private:
  enum class Fill : std::uint8_t { kBlock, kFileEnded, kStopped };
  Result<Fill> fill(Block& block, const SourceDoor& door);
  Result<std::size_t> read(Block& block, const SourceDoor& door);
  bool is_whole(Block& block);
  std::string not_read() const;

  std::atomic<std::uint64_t>& bytes_;
  std::vector<std::string> files_;
  std::size_t file_ = 0;  // the one at hand
  std::optional<UnpackedInput> input_;
  LineBuffer::Start start_;  // of the next block
  std::string carry_;
  std::uint64_t unpacked_ = 0;  // bytes of the file that went into blocks, carry_ included
  std::uint64_t blocks_ = 0;
};

}  // namespace veltrix
