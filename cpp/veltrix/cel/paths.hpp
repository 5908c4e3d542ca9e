#pragma once
// The members that the expressions of a set name, as a tree: `event`, `event.data`,
// `event.data.amount`. Each is read at most once per event, wherever it is named. Private to this
// room; immutable once the program is built.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace veltrix::cel {

using PathId = std::uint32_t;
inline constexpr PathId kNoPath = 0xFFFF'FFFF;

/// What a member of `event` itself is; kExtension for every name that is not listed.
enum class EventMember : std::uint8_t {
  kSpecVersion,
  kId,
  kSource,
  kType,
  kSubject,
  kTime,
  kContentType,
  kDataSchema,
  kPriority,
  kPartitionKey,
  kTraceParent,
  kCorrelationId,
  kCausationId,
  kExpiryTime,
  kSequence,
  kRecordedTime,
  kData,
  kDataBase64,
  kExtension,
};
inline constexpr std::size_t kNamedMembers = static_cast<std::size_t>(EventMember::kExtension);

std::string_view name_of(EventMember member) noexcept;
EventMember event_member(std::string_view name) noexcept;

/// A name among its siblings, ready to be compared with eight bytes at a time.
struct PathChild {
  std::uint64_t head = 0;  // the first bytes, zeros behind a shorter name
  std::uint32_t size = 0;
  PathId path = kNoPath;

  bool is_before(std::uint64_t other_head, std::size_t other_size) const noexcept {
    return head != other_head ? head < other_head : size < other_size;
  }
};

struct PathNode {
  std::string name;  // of the member; of a variable: empty
  PathId parent = kNoPath;
  std::uint32_t variable = 0;
  std::uint32_t op = 0;                          // where errors of reading it arise
  EventMember member = EventMember::kExtension;  // where the parent is variable 0
  bool in_data = false;                          // below `data` of variable 0
  std::vector<PathChild> children;               // by head, then size
  // Bit by bit, the bytes that stand before the closing quote of one of the children's names.
  std::uint64_t last_bytes[4] = {};

  /// False: a name that ends so (without escapes) is none of the children's. For most members of a
  /// payload that is all that has to be known of them.
  bool may_end_with(char last) const noexcept {
    const auto byte = static_cast<unsigned char>(last);
    return ((last_bytes[byte >> 6] >> (byte & 63U)) & 1) != 0;
  }
};

class PathTree {
 public:
  PathId variable(std::uint32_t index);
  PathId child(PathId parent, std::string_view name);
  /// The path of `name` below `parent`, or kNoPath. `readable`: bytes from name.data() on that may
  /// be read, for comparing whole words; at least name.size().
  PathId find(PathId parent, std::string_view name, std::size_t readable) const noexcept;

  const PathNode& operator[](PathId path) const noexcept { return nodes_[path]; }
  PathNode& operator[](PathId path) noexcept { return nodes_[path]; }
  std::size_t size() const noexcept { return nodes_.size(); }
  /// The variable itself or its member `data`, where some expression names it.
  PathId first_variable() const noexcept { return first_variable_; }
  PathId data() const noexcept { return data_; }

 private:
  PathId add(PathNode node);

  std::vector<PathNode> nodes_;
  std::vector<PathId> variables_;
  PathId first_variable_ = kNoPath;
  PathId data_ = kNoPath;
};

/// The first eight bytes of a name as a number, zeros behind a shorter one.
inline std::uint64_t head_of(std::string_view name, std::size_t readable) noexcept {
  std::uint64_t head = 0;
  if (readable < sizeof head) {
    std::memcpy(&head, name.data(), name.size() < sizeof head ? name.size() : sizeof head);
    return head;
  }
  std::memcpy(&head, name.data(), sizeof head);
  // Native order: what has to go are the bytes at the higher addresses, on the machines that we
  // know the higher ones of the number.
  static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
  if (name.empty()) return 0;
  return name.size() < sizeof head ? head & (~std::uint64_t{0} >> (64 - 8 * name.size())) : head;
}

}  // namespace veltrix::cel
