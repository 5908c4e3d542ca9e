#include "veltrix/cel/program.hpp"

#include <re2/re2.h>

#include "veltrix/cel/fast_compare.hpp"

namespace veltrix::cel {
namespace {

constexpr std::size_t kFewTexts = 8;

}  // namespace

TextSet::TextSet(std::span<const Value> texts) {
  if (texts.size() <= kFewTexts) {
    few_.assign(texts.begin(), texts.end());
  } else {
    for (const Value& text : texts) many_.insert(text.view());
  }
}

bool TextSet::contains(const Value& text) const noexcept {
  if (!many_.empty()) return many_.contains(text.view());
  for (const Value& one : few_) {
    if (same_text(one, text)) return true;
  }
  return false;
}

Program::Program() = default;
Program::~Program() = default;

}  // namespace veltrix::cel
