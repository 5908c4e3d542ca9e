#pragma once
// Looks through a block: each line read as an event and made ready in a lane, without any lock and
// without regard to other blocks. One per thread of a source.

#include <memory>

#include "veltrix/connect/jsonl/block.hpp"
#include "veltrix/engine/source.hpp"
#include "veltrix/event/json_reader.hpp"

namespace veltrix {

class BlockScanner {
 public:
  /// Lives on the thread that it is made on.
  explicit BlockScanner(SourceDoor& door) : door_(door), lane_(door.open_lane()) {}

  /// Fills `findings`, `errors` and `quiet`; ends early when the door is stopping.
  void scan(Block& block);

 private:
  void take(Block& block, const Line& line);

  SourceDoor& door_;
  std::unique_ptr<SourceLane> lane_;
  JsonReader reader_;
  EventFields fields_;
};

}  // namespace veltrix
