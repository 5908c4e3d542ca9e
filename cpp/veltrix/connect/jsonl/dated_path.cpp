#include "veltrix/connect/jsonl/dated_path.hpp"

#include <chrono>

namespace veltrix {
namespace {

void append_digits(std::string& out, unsigned value, std::size_t width) {
  const std::string digits = std::to_string(value);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

}  // namespace

Result<DatedPath> DatedPath::parse(std::string_view text) {
  DatedPath path;
  path.text_ = text;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') continue;
    const char directive = i + 1 < text.size() ? text[i + 1] : '\0';
    if (directive == 'Y' || directive == 'm' || directive == 'd') {
      path.dated_ = true;
    } else if (directive != '%') {
      return fail(ErrorCode::kInvalidOption,
                  "path \"" + std::string(text) + "\", position " + std::to_string(i + 1) +
                      ": only %Y, %m, %d (the day, UTC) and %% (a per cent sign) are known here");
    }
    ++i;
  }
  return path;
}

std::int64_t DatedPath::day(std::int64_t wall_ns) noexcept {
  using std::chrono::days;
  return std::chrono::floor<days>(std::chrono::nanoseconds(wall_ns)).count();
}

std::string DatedPath::at(std::int64_t wall_ns) const {
  const std::chrono::year_month_day date{
      std::chrono::sys_days{std::chrono::days{static_cast<int>(day(wall_ns))}}};
  std::string out;
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] != '%') {
      out.push_back(text_[i]);
      continue;
    }
    switch (text_[++i]) {  // parse() has seen to it that there is one
      case 'Y':
        append_digits(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
        break;
      case 'm':
        append_digits(out, static_cast<unsigned>(date.month()), 2);
        break;
      case 'd':
        append_digits(out, static_cast<unsigned>(date.day()), 2);
        break;
      default:
        out.push_back('%');
    }
  }
  return out;
}

}  // namespace veltrix
