#include "veltrix/connect/jsonl/jsonl_source.hpp"

#include <algorithm>
#include <system_error>
#include <thread>
#include <utility>

#include "veltrix/base/thread_name.hpp"
#include "veltrix/connect/jsonl/block_scanner.hpp"
#include "veltrix/connect/jsonl/input_paths.hpp"

namespace veltrix {
namespace {

constexpr std::uint64_t kLargeInput = std::uint64_t{4} << 20;  // some ms of work for one thread

/// One writer at a time: a load and a store, no locked instruction. Relaxed: the counters are read
/// one by one, nothing else is published with them.
void count(std::atomic<std::uint64_t>& counter, std::uint64_t by = 1) noexcept {
  counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

Error too_long() {
  return {ErrorCode::kEventTooLarge, "the line is longer than " + std::to_string(kMaxEventJson) +
                                         " bytes; split the event or shorten its data"};
}

}  // namespace

JsonlSource::JsonlSource(JsonlSourceOptions options)
    : options_(std::move(options)), rejects_(options_.rejects) {}

Error JsonlSource::named(Error error) const {
  return {error.code, "source \"" + options_.name + "\": " + error.message};
}

Result<void> JsonlSource::open() {
  if (options_.parallel > kMaxSourceThreads) {
    return tl::make_unexpected(named({ErrorCode::kInvalidOption, "`parallel` is at most 16"}));
  }
  auto format = RecordFormat::compile(options_.records, options_.name);
  if (!format) return tl::make_unexpected(named(std::move(format.error())));
  format_.emplace(std::move(*format));
  again_.emplace(*format_);
  auto files = expand_input_paths(options_.paths);
  if (!files) return tl::make_unexpected(named(std::move(files.error())));
  std::uint64_t total = 0;
  bool known = true;
  for (const std::string& path : *files) {
    // Opened for the proof only: thousands of files may be listed, and descriptors are few.
    const auto file = InputFile::open(path);
    if (!file) return tl::make_unexpected(named(file.error()));
    total += file->size();
    known = known && !file->is_stream();
  }
  progress_.total_bytes.store(known ? total : 0, std::memory_order_relaxed);
  input_.open(std::move(*files));
  return rejects_.open().map_error([this](Error error) { return named(std::move(error)); });
}

std::uint32_t JsonlSource::threads() const noexcept {
  if (options_.parallel != 0) return options_.parallel;
  const bool large = progress_.total_bytes.load(std::memory_order_relaxed) >= kLargeInput;
  return large && std::thread::hardware_concurrency() >= 2 ? 2 : 1;
}

Result<void> JsonlSource::run(SourceDoor& door) {
  const std::uint32_t count = threads();
  std::vector<std::unique_ptr<Block>> blocks(count == 1 ? 1 : 2 * count);
  for (auto& block : blocks) {
    block = std::make_unique<Block>(options_.block_bytes, kMaxEventJson);
  }
  BlockOrder order(std::move(blocks));
  std::vector<std::jthread> others;
  try {
    while (others.size() + 1 < count) {
      others.emplace_back([&, number = others.size() + 2] {
        block_signals();
        name_this_thread("vx-" + options_.name.substr(0, 9) + "-" + std::to_string(number));
        work(order, door);
      });
    }
  } catch (const std::system_error&) {
    // No thread is left to be had: those that there are read everything, only slower.
  }
  work(order, door);
  others.clear();  // joins
  auto closed = rejects_.close();
  if (!outcome_ && !closed) outcome_.error().message += "; " + closed.error().message;
  if (outcome_) outcome_ = std::move(closed);
  // Release: who sees `done` sees the final counters.
  progress_.done.store(true, std::memory_order_release);
  return outcome_.map_error([this](const Error& error) { return named(error); });
}

void JsonlSource::work(BlockOrder& order, SourceDoor& door) {
  BlockScanner scanner(*format_, door);
  const std::function<void(Block&)> settle_it = [&](Block& block) {
    settle(block, door);
    if (stopped_) order.close();
  };
  while (Block* block = order.take()) {
    if (!read(*block, door)) {
      order.put_back(*block);
      order.close();
      break;
    }
    scanner.scan(*block);
    order.finish(*block, settle_it);
  }
}

bool JsonlSource::read(Block& block, const SourceDoor& door) {
  const std::lock_guard guard(reading_);
  auto got = input_.next(block, door);
  if (got) return *got;
  outcome_ = tl::make_unexpected(std::move(got.error()));
  return false;
}

void JsonlSource::settle(Block& block, SourceDoor& door) {
  if (block.of_file) line_ends_ = 0;
  count(progress_.records, block.quiet + block.filtered);
  count(progress_.filtered, block.filtered);
  for (const Finding& finding : block.findings) {
    stopped_ = stopped_ || door.stopping();
    if (!stopped_) {
      stopped_ = !push(block, finding, door);
    } else if (finding.slot != nullptr) {
      release(finding.slot);
    }
  }
  if (block.more_follow) {
    door.linger();
  } else {
    door.flush();
  }
  rejects_.flush();
  line_ends_ += block.lines.line_ends();
}

/// False: the door takes nothing more. The event was not taken and is no reject either: a later run
/// may read it again.
bool JsonlSource::push(const Block& block, const Finding& finding, SourceDoor& door) {
  if (finding.slot == nullptr) {
    door.malformed();
    tell(block, finding);
    return true;
  }
  const auto pushed = door.push(finding.slot);
  if (pushed) {
    count(progress_.records);
  } else if (pushed.error().code == ErrorCode::kEngineStopped) {
    return false;
  } else {
    reject(block, finding, pushed.error());
  }
  return true;
}

void JsonlSource::tell(const Block& block, const Finding& finding) {
  if (finding.too_long) return reject(block, finding, too_long());
  if (finding.error != Finding::kMalformed) {
    return reject(block, finding, block.errors[finding.error]);
  }
  const Error unsaid{ErrorCode::kInvalidJson, {}};
  if (!rejects_.wants_more()) return reject(block, finding, unsaid);
  auto event = again_->read({block.text(finding), block.path}, fields_);
  reject(block, finding, event ? unsaid : event.error());
}

void JsonlSource::reject(const Block& block, const Finding& finding, const Error& error) {
  count(progress_.records);
  count(progress_.rejected);
  rejects_.add(*block.path, line_ends_ + finding.line, error, block.text(finding));
}

}  // namespace veltrix
