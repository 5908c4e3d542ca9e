#include "veltrix/connect/jsonl/block_reader.hpp"

#include "veltrix/engine/source.hpp"

namespace veltrix {

Result<bool> BlockReader::next(Block& block, const SourceDoor& door) {
  while (file_ < files_.size() && !door.stopping()) {
    const auto filled = fill(block, door);
    if (!filled) {
      auto failed = fail(filled.error().code, filled.error().message + not_read());
      file_ = files_.size();
      return failed;
    }
    if (*filled == Fill::kStopped) return false;
    block.more_follow = *filled == Fill::kBlock && !input_->is_stream();
    if (*filled == Fill::kFileEnded) {
      input_.reset();
      start_ = {};
      carry_.clear();
      ++file_;
      if (block.lines.size() == 0) continue;
    }
    block.number = blocks_++;
    return true;
  }
  return false;
}

/// What people must know of the files behind the one that failed.
std::string BlockReader::not_read() const {
  const std::size_t behind = files_.size() - file_ - 1;
  if (behind == 0) return {};
  std::string said = "; not read: \"" + files_[file_ + 1] + "\"";
  if (behind > 1) said += " and " + std::to_string(behind - 1) + " more behind it";
  return said;
}

Result<BlockReader::Fill> BlockReader::fill(Block& block, const SourceDoor& door) {
  if (!input_) {
    auto opened = UnpackedInput::open(files_[file_]);
    if (!opened) return tl::make_unexpected(std::move(opened.error()));
    input_ = std::move(*opened);
    unpacked_ = 0;
  }
  block.path = &files_[file_];
  block.of_file = start_.of_file;
  block.lines.begin(start_, carry_);
  for (;;) {
    const auto got = read(block, door);
    if (!got) return tl::make_unexpected(got.error());
    if (door.stopping()) return Fill::kStopped;  // also why nothing was got: not the end then
    unpacked_ += *got;
    if (*got == 0) {
      block.offset = unpacked_ - block.lines.size();
      block.lines.end();
      return Fill::kFileEnded;
    }
    if (is_whole(block)) {
      block.offset = unpacked_ - carry_.size() - block.lines.size();
      return Fill::kBlock;
    }
  }
}

Result<std::size_t> BlockReader::read(Block& block, const SourceDoor& door) {
  const std::uint64_t before = input_->taken();
  const auto got = input_->read(block.lines.room(), door);
  if (got) block.lines.commit(*got);
  // One writer at a time: no locked instruction. Relaxed: nothing else is published with it.
  bytes_.store(bytes_.load(std::memory_order_relaxed) + input_->taken() - before,
               std::memory_order_relaxed);
  return got;
}

bool BlockReader::is_whole(Block& block) {
  switch (block.lines.cut(carry_)) {
    case LineBuffer::Cut::kWhole:
      start_ = {false, false};
      return true;
    case LineBuffer::Cut::kInside:
      carry_.clear();
      start_ = {false, true};
      return true;
    case LineBuffer::Cut::kNoEnd:
      // The rest of a long line is of no use, however long it is.
      if (start_.inside_long_line) block.lines.begin(start_, {});
      return false;
  }
  return false;
}

}  // namespace veltrix
