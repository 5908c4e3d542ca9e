#include "veltrix/connect/jsonl/line_pattern.hpp"

#include <array>
#include <map>

#include <re2/re2.h>

#include "veltrix/event/json_validator.hpp"
#include "veltrix/event/json_writer.hpp"

namespace veltrix {
namespace {

constexpr std::int64_t kMaxPatternMemory = std::int64_t{1} << 20;
// RE2's slowest way looks at each instruction per byte: with kMaxMatchedLine a second at worst.
constexpr int kMaxPatternProgram = 4'096;

tl::unexpected<Error> refuse(const std::string& why) {
  return fail(ErrorCode::kInvalidOption, "`pattern`: " + why);
}

}  // namespace

LinePattern::LinePattern() = default;
LinePattern::~LinePattern() = default;
LinePattern::LinePattern(LinePattern&&) noexcept = default;
LinePattern& LinePattern::operator=(LinePattern&&) noexcept = default;

Result<LinePattern> LinePattern::compile(const std::string& pattern) {
  LinePattern out;
  if (pattern.empty()) return out;
  if (pattern.size() > kMaxLinePattern) return refuse("longer than 512 bytes");
  re2::RE2::Options options(re2::RE2::Quiet);
  options.set_max_mem(kMaxPatternMemory);
  out.pattern_ = std::make_unique<re2::RE2>(pattern, options);
  if (!out.pattern_->ok()) return refuse("not a regular expression: " + out.pattern_->error());
  if (out.pattern_->ProgramSize() > kMaxPatternProgram) return refuse("repeats too much");
  const int groups = out.pattern_->NumberOfCapturingGroups();
  if (groups > static_cast<int>(kMaxLineGroups)) return refuse("more than 64 groups");
  const std::map<std::string, int>& known = out.pattern_->NamedCapturingGroups();
  for (const auto& [number, name] : out.pattern_->CapturingGroupNames()) {
    if (known.at(name) != number) {
      return refuse("two groups are called '" + name + "'; each is a member of `line`");
    }
    if (name == "text") return refuse("a group is called 'text', which is the whole line");
    out.members_.emplace_back(number, '"' + name + "\":");
  }
  return out;
}

Result<void> LinePattern::write(std::string_view line, std::string& json) const {
  json.clear();
  if (!is_utf8(line)) return fail(ErrorCode::kInvalidUtf8, "the line is not UTF-8");
  std::array<re2::StringPiece, kMaxLineGroups + 1> groups;
  if (pattern_ != nullptr) {
    if (line.size() > kMaxMatchedLine) {
      return fail(ErrorCode::kEventTooLarge,
                  "the line is longer than the 65536 bytes that a "
                  "pattern is tried on");
    }
    const re2::StringPiece subject(line.data(), line.size());
    const int count = pattern_->NumberOfCapturingGroups() + 1;
    if (!pattern_->Match(subject, 0, line.size(), re2::RE2::ANCHOR_BOTH, groups.data(), count)) {
      return fail(ErrorCode::kInvalidEvent, "the pattern does not match the line");
    }
  }
  json += R"({"text":)";
  append_json_string(line, json);
  for (const auto& [number, member] : members_) {
    const re2::StringPiece& group = groups[static_cast<std::size_t>(number)];
    if (group.data() == nullptr) continue;  // an alternative that was not taken
    json += ',';
    json += member;
    append_json_string({group.data(), group.size()}, json);
  }
  json += '}';
  return {};
}

}  // namespace veltrix
