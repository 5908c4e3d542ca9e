#include "veltrix/connect/jsonl/block_scanner.hpp"

#include <algorithm>

namespace veltrix {
namespace {

constexpr std::uint64_t kLinesPerStopCheck = 256;
constexpr std::size_t kLookAhead = 65'536;  // text and tokens of that many bytes stay in the cache

bool is_blank(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
}

}  // namespace

void BlockScanner::scan(Block& block) {
  block.findings.clear();
  block.errors.clear();
  block.quiet = 0;
  block.filtered = 0;
  LineBuffer& lines = block.lines;
  origin_ = lines.position();
  const char* looked_until = nullptr;
  Line line;
  for (std::uint64_t taken = 1;; ++taken) {
    if (looked_until == nullptr || lines.position() >= looked_until) {
      const std::string_view ahead = lines.ahead(kLookAhead);
      reader_.look_ahead(ahead);
      looked_until = ahead.data() + ahead.size();
    }
    if (!lines.next(line)) break;
    if (line.too_long || !is_blank(line.text)) take(block, line);
    if (taken % kLinesPerStopCheck == 0 && door_.stopping()) break;
  }
  reader_.look_ahead({});  // the block goes elsewhere
}

void BlockScanner::take(Block& block, const Line& line) {
  Finding found;
  found.too_long = line.too_long;
  if (!line.too_long && !read(block, line, found)) return;
  found.offset = static_cast<std::uint32_t>(line.text.data() - block.lines.bytes());
  found.size = static_cast<std::uint32_t>(line.text.size());
  found.line = static_cast<std::uint32_t>(line.number);
  block.findings.push_back(found);
}

/// False: nothing to do but what is counted here.
bool BlockScanner::read(Block& block, const Line& line, Finding& found) {
  const auto offset = static_cast<std::uint64_t>(line.text.data() - origin_);
  const auto wanted = reader_.read({line.text, block.path, block.offset + offset}, fields_);
  if (!wanted) return true;
  if (!*wanted) {
    ++block.filtered;
    lane_->filtered();
    return false;
  }
  auto prepared = lane_->prepare(fields_);
  if (prepared && *prepared == nullptr) {
    ++block.quiet;
    return false;
  }
  if (prepared) {
    found.slot = *prepared;
  } else {
    found.error = static_cast<std::uint32_t>(block.errors.size());
    block.errors.push_back(std::move(prepared.error()));
  }
  return true;
}

}  // namespace veltrix
