#pragma once
// Looks through a block: each line read as an event and made ready in a lane, without any lock and
// without regard to other blocks. One per thread of a source.

#include <memory>

#include "veltrix/connect/jsonl/block.hpp"
#include "veltrix/connect/jsonl/record_reader.hpp"
#include "veltrix/engine/source.hpp"

namespace veltrix {

class BlockScanner {
 public:
  /// Lives on the thread that it is made on.
  BlockScanner(const RecordFormat& format, SourceDoor& door)
      : door_(door), lane_(door.open_lane()), reader_(format) {}

  /// Fills `findings`, `errors`, `quiet` and `filtered`; ends early when the door is stopping.
  void scan(Block& block);

 private:
  void take(Block& block, const Line& line);
  bool read(Block& block, const Line& line, Finding& found);

  SourceDoor& door_;
  std::unique_ptr<SourceLane> lane_;
  RecordReader reader_;
  const char* origin_ = nullptr;  // where the block's first line begins
  EventFields fields_;
};

}  // namespace veltrix
