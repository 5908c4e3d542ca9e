#pragma once
// The attribute area of a slot: entries of tag (1 byte), length (2 bytes, native order), bytes;
// tags ascending, so that a reader stops early. Private to this room; EventView is the public face.
//
// An extension's bytes are: length of the name (1 byte), name, kind (1 byte), value.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "veltrix/event/event_fields.hpp"
#include "veltrix/event/slot.hpp"

namespace veltrix {

inline constexpr std::size_t kEntryHeader = 3;
inline constexpr std::size_t kExtensionHeader = 2;  // length of the name, kind

struct Entry {
  Attribute tag = Attribute::kId;
  std::string_view text;
};

inline Extension decode_extension(std::string_view bytes) noexcept {
  const auto name_size = static_cast<std::size_t>(static_cast<unsigned char>(bytes[0]));
  Extension out;
  out.name = bytes.substr(1, name_size);
  out.kind = static_cast<ExtensionKind>(bytes[1 + name_size]);
  out.value = bytes.substr(kExtensionHeader + name_size);
  return out;
}

/// Walks the entries of a slot in order.
class EntryReader {
 public:
  explicit EntryReader(const Slot& slot) noexcept
      : at_(slot.body()), end_(slot.body() + slot.attributes_size) {}

  bool next(Entry& out) noexcept {
    if (at_ == end_) return false;
    std::uint16_t size = 0;
    std::memcpy(&size, at_ + 1, sizeof size);
    out.tag = static_cast<Attribute>(*at_);
    out.text = {at_ + kEntryHeader, size};
    at_ += kEntryHeader + size;
    return true;
  }

 private:
  const char* at_;
  const char* end_;
};

/// Two loads and two stores of `kWidth` bytes, which overlap where the text is shorter than both.
template <std::size_t kWidth>
void copy_overlapping(char* to, const char* from, std::size_t size) noexcept {
  struct Block {
    char bytes[kWidth];
  } head, tail;
  std::memcpy(&head, from, kWidth);
  std::memcpy(&tail, from + size - kWidth, kWidth);
  std::memcpy(to, &head, kWidth);
  std::memcpy(to + size - kWidth, &tail, kWidth);
}

/// memcpy() for texts of a few bytes: a call of it costs as much as all the rest of an attribute.
inline void copy_text(char* to, const char* from, std::size_t size) noexcept {
  if (size > 32) {
    std::memcpy(to, from, size);
  } else if (size >= 16) {
    copy_overlapping<16>(to, from, size);
  } else if (size >= 8) {
    copy_overlapping<8>(to, from, size);
  } else if (size >= 4) {
    copy_overlapping<4>(to, from, size);
  } else {
    for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
  }
}

/// Writes entries one behind the other; the caller has reserved the room and keeps tags ascending.
class EntryWriter {
 public:
  explicit EntryWriter(char* body) noexcept : begin_(body), at_(body) {}

  void put(Attribute tag, std::string_view text) noexcept {
    if (!text.empty()) copy_text(open(tag, text.size()), text.data(), text.size());
  }

  void put(const Uuid& uuid) noexcept {
    std::memcpy(open(Attribute::kUuid, uuid.bytes.size()), uuid.bytes.data(), uuid.bytes.size());
  }

  void put(const Extension& extension) noexcept {
    const std::size_t name_size = extension.name.size();
    char* to = open(Attribute::kExtension, kExtensionHeader + name_size + extension.value.size());
    *to++ = static_cast<char>(name_size);
    std::memcpy(to, extension.name.data(), name_size);
    to[name_size] = static_cast<char>(extension.kind);
    if (extension.value.empty()) return;
    std::memcpy(to + name_size + 1, extension.value.data(), extension.value.size());
  }

  std::size_t size() const noexcept { return static_cast<std::size_t>(at_ - begin_); }

 private:
  char* open(Attribute tag, std::size_t text_size) noexcept {
    const auto size = static_cast<std::uint16_t>(text_size);
    *at_ = static_cast<char>(tag);
    std::memcpy(at_ + 1, &size, sizeof size);
    char* text = at_ + kEntryHeader;
    at_ = text + text_size;
    return text;
  }

  char* begin_;
  char* at_;
};

}  // namespace veltrix
