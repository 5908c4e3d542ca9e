// libFuzzer: the expression, a byte 0, the event. `make fuzz` runs it.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "fuzz/cel_case.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static veltrix::cel::HostileCase hostile;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = std::min(input.find('\0'), size);
  const std::string_view json = cut < size ? input.substr(cut + 1) : std::string_view("{}");
  hostile.run(input.substr(0, cut), json);
  return 0;
}
