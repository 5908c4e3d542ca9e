#include "veltrix/cel/patterns.hpp"

#include <cstdint>

#include <re2/re2.h>

namespace veltrix::cel {
namespace {

constexpr std::int64_t kMaxPatternMemory = std::int64_t{1} << 20;
// Byte times instruction: what RE2's NFA may look at per step, a few microseconds at worst.
constexpr std::uint64_t kWorkPerStep = 4'096;

}  // namespace

std::unique_ptr<re2::RE2> compile_pattern(std::string_view text, std::string* why) {
  if (text.size() > kMaxRegexBytes) {
    if (why != nullptr) *why = "more than " + std::to_string(kMaxRegexBytes) + " bytes";
    return nullptr;
  }
  re2::RE2::Options options(re2::RE2::Quiet);
  options.set_max_mem(kMaxPatternMemory);
  // Nobody asks for what a group took; without that, RE2's quick ways can be used more often.
  options.set_never_capture(true);
  auto pattern = std::make_unique<re2::RE2>(re2::StringPiece(text.data(), text.size()), options);
  if (pattern->ok()) return pattern;
  if (why != nullptr) *why = pattern->error();
  return nullptr;
}

Value search(const re2::RE2& pattern, std::string_view subject, Workspace& work) noexcept {
  if (subject.size() > kMaxSubjectBytes) return Value::error(Reason::kTooMuchWork);
  const auto program = static_cast<std::uint64_t>(pattern.ProgramSize());
  if (!work.spend(program * subject.size() / kWorkPerStep)) {
    return Value::error(Reason::kTooMuchWork);
  }
  return Value::of(
      re2::RE2::PartialMatch(re2::StringPiece(subject.data(), subject.size()), pattern));
}

}  // namespace veltrix::cel
