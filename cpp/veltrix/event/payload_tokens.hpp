#pragma once
// Where the tokens of a JSON payload are, for who reads it right behind the reader: these are found
// already, and a second look at the text would find the same.

#include <cstdint>
#include <string_view>

namespace veltrix {

/// Valid as long as the reader's fields are. Only of payloads that were checked token by token,
/// hence without a backslash: a quote begins or ends a string.
struct PayloadTokens {
  const char* text = nullptr;            // what the offsets count from
  const std::uint32_t* begin = nullptr;  // null: nobody knows them
  const std::uint32_t* end = nullptr;

  /// Fields may have been given other data since.
  bool are_of(std::string_view data) const noexcept {
    return begin != nullptr && text + *begin == data.data();
  }
};

}  // namespace veltrix
