#include "veltrix/cel/fault.hpp"

#include <algorithm>

namespace veltrix::cel {
namespace {

bool begins_character(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::size_t characters(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

struct Line {
  std::size_t begin;
  std::size_t end;
};

Line line_around(std::string_view text, std::size_t place) noexcept {
  place = std::min(place, text.size());
  const std::size_t before = place == 0 ? std::string_view::npos : text.rfind('\n', place - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  std::size_t end = std::min(text.find('\n', place), text.size());
  if (end > begin && text[end - 1] == '\r') --end;
  return {begin, std::max(begin, end)};
}

// A line is shown whole up to this many bytes, and around its fault beyond: nobody finds a caret
// two thousand columns to the right.
constexpr std::size_t kShownBytes = 120;
constexpr std::size_t kShownBefore = 60;

struct Shown {
  std::string text;
  std::string padding;  // as wide as what stands before the fault
};

/// Tabs stay tabs, so that text and caret line up; other control characters would garble a terminal.
char harmless(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7F ? '?' : c;
}

Shown show(std::string_view text, Line line, std::size_t begin) {
  const std::size_t at = std::clamp(begin, line.begin, line.end);
  std::size_t first = line.begin;
  std::size_t last = line.end;
  if (last - first > kShownBytes) {
    if (at - first > kShownBefore) first = at - kShownBefore;
    last = std::min(last, first + kShownBytes);
    while (first < at && !begins_character(text[first])) ++first;
    while (last < line.end && !begins_character(text[last])) ++last;
  }
  Shown out;
  if (first > line.begin) {
    out.text += "...";
    out.padding += "   ";
  }
  for (const char c : text.substr(first, last - first)) out.text += harmless(c);
  if (last < line.end) out.text += "...";
  for (const char c : text.substr(first, at - first)) {
    if (begins_character(c)) out.padding += c == '\t' ? '\t' : ' ';
  }
  return out;
}

}  // namespace

std::size_t column_of(std::string_view text, const Fault& fault) noexcept {
  const std::size_t place = std::min(fault.begin, text.size());
  const std::size_t begin = std::min(line_around(text, place).begin, place);
  return characters(text.substr(begin, place - begin)) + 1;
}

std::size_t line_of(std::string_view text, const Fault& fault) noexcept {
  const std::string_view before = text.substr(0, std::min(fault.begin, text.size()));
  return static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
}

std::string render(std::string_view text, const Fault& fault) {
  std::string out;
  if (text.find('\n') != std::string_view::npos) {
    out += "line " + std::to_string(line_of(text, fault)) + ", ";
  }
  out += "column " + std::to_string(column_of(text, fault)) + ": " + fault.message;
  if (!fault.cure.empty()) out += "; " + fault.cure;
  const Line line = line_around(text, fault.begin);
  if (line.begin == line.end) return out;
  const Shown shown = show(text, line, fault.begin);
  out += "\n  " + shown.text + "\n  " + shown.padding + '^';
  // The tail of the mark ends with the line, and with what is shown of it.
  const std::size_t begin = std::min(fault.begin, line.end);
  const std::size_t end = std::clamp(fault.end, begin, line.end);
  const std::size_t width = std::min(characters(text.substr(begin, end - begin)), kShownBefore);
  if (width > 1) out.append(width - 1, '~');
  return out;
}

Error error_of(std::string_view text, const Fault& fault) {
  return {ErrorCode::kInvalidExpression, render(text, fault)};
}

}  // namespace veltrix::cel
