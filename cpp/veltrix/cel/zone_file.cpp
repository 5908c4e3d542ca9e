#include "veltrix/cel/zone_file.hpp"

#include <algorithm>

namespace veltrix::cel {
namespace {

/// A number as the file has it: most significant byte first, signed.
std::int64_t read_number(std::string_view bytes, std::size_t at, std::size_t size) noexcept {
  std::uint64_t out = (static_cast<unsigned char>(bytes[at]) & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
  for (std::size_t i = 0; i < size; ++i) out = out << 8 | static_cast<unsigned char>(bytes[at + i]);
  return static_cast<std::int64_t>(out);
}

constexpr std::size_t kHeaderBytes = 44;
constexpr std::size_t kTypeBytes = 6;

struct Header {
  std::size_t utc_marks = 0;
  std::size_t standard_marks = 0;
  std::size_t leap_seconds = 0;
  std::size_t changes = 0;
  std::size_t types = 0;
  std::size_t name_bytes = 0;

  bool read(std::string_view bytes) noexcept {
    if (bytes.size() < kHeaderBytes || !bytes.starts_with("TZif") || bytes[4] < '2') return false;
    std::size_t* const fields[] = {&utc_marks, &standard_marks, &leap_seconds,
                                   &changes,   &types,          &name_bytes};
    std::size_t at = 20;
    for (std::size_t* const field : fields) {
      const std::int64_t value = read_number(bytes, at, 4);
      if (value < 0 || value > static_cast<std::int64_t>(kMaxZoneFileBytes)) return false;
      *field = static_cast<std::size_t>(value);
      at += 4;
    }
    return true;
  }
  std::size_t body_bytes(std::size_t time_bytes) const noexcept {
    return changes * (time_bytes + 1) + types * kTypeBytes + name_bytes +
           leap_seconds * (time_bytes + 4) + standard_marks + utc_marks;
  }
};

}  // namespace

bool ZoneFile::read(std::string_view bytes) {
  Header header;
  // First everything in 32 bits, for programs of long ago, then once more in 64.
  if (!header.read(bytes)) return false;
  const std::size_t old_bytes = kHeaderBytes + header.body_bytes(4);
  if (bytes.size() < old_bytes) return false;
  bytes.remove_prefix(old_bytes);
  if (!header.read(bytes)) return false;
  bytes.remove_prefix(kHeaderBytes);
  const std::size_t body = header.body_bytes(8);
  // Files that count leap seconds ("right/…") have another idea of an instant than timestamps do.
  if (bytes.size() < body || header.types == 0 || header.leap_seconds != 0) return false;

  const std::size_t indexes = header.changes * 8;
  const std::size_t types = indexes + header.changes;
  const auto offset_of = [&](std::size_t type) {
    return read_number(bytes, types + type * kTypeBytes, 4);
  };
  offsets_.push_back(offset_of(0));
  for (std::size_t i = 0; i < header.changes; ++i) {
    const auto type = static_cast<unsigned char>(bytes[indexes + i]);
    if (type >= header.types) return false;
    changes_.push_back(read_number(bytes, i * 8, 8));
    offsets_.push_back(offset_of(type));
  }
  if (!std::is_sorted(changes_.begin(), changes_.end())) return false;

  std::string_view footer = bytes.substr(body);
  if (!footer.starts_with('\n')) return false;
  footer = footer.substr(1, footer.find('\n', 1) - 1);
  has_rule_ = !footer.empty();
  return !has_rule_ || rule_.read(footer);
}

std::int64_t ZoneFile::offset_at(std::int64_t seconds) const noexcept {
  const auto next = std::upper_bound(changes_.begin(), changes_.end(), seconds);
  if (next == changes_.end() && has_rule_) return rule_.offset_at(seconds);
  return offsets_[static_cast<std::size_t>(next - changes_.begin())];
}

}  // namespace veltrix::cel
