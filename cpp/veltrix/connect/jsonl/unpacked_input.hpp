#pragma once
// The bytes of an input as its lines have them: a gzip file (told by its first two bytes, whatever
// its name) is unpacked on the way, any number of members one behind the other; all else passes.
//
// Damaged or torn: an error that names the file and the offset in it, after everything before that
// place was given. Memory: kPackedBytes and zlib's window of 32 KiB, however much a file unpacks
// to; how long a line may be is the line buffer's matter. One thread's at a time.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "veltrix/connect/jsonl/input_file.hpp"

namespace veltrix {

class Inflater;

class UnpackedInput {
 public:
  static Result<UnpackedInput> open(const std::string& path);
  UnpackedInput(UnpackedInput&&) noexcept;
  UnpackedInput& operator=(UnpackedInput&&) noexcept;
  ~UnpackedInput();

  /// Bytes given, 0 at the end and when the door is stopping (ask it). Files fill `into` where they
  /// can, streams give what there is. kIo names the file.
  Result<std::size_t> read(std::span<char> into, const SourceDoor& door);

  /// Bytes of the file that were used up, as they lie there.
  std::uint64_t taken() const noexcept { return taken_; }
  bool is_stream() const noexcept { return file_.is_stream(); }

 private:
  explicit UnpackedInput(InputFile file, std::string path);
  enum class Kind : std::uint8_t { kUnknown, kPlain, kPacked };

  Result<void> look(const SourceDoor& door);
  Result<std::size_t> refill(const SourceDoor& door);
  Result<std::size_t> read_plain(std::span<char> into, const SourceDoor& door);
  Result<std::size_t> unpack(std::span<char> into, const SourceDoor& door);
  tl::unexpected<Error> damaged(const std::string& what) const;

  InputFile file_;
  std::string path_;
  Kind kind_ = Kind::kUnknown;
  std::unique_ptr<char[]> memory_;  // of `left_`
  std::string_view left_;           // read, not used up yet
  std::unique_ptr<Inflater> inflater_;
  std::uint64_t taken_ = 0;
  std::optional<Error> error_;  // told when what was given before it has been taken
};

}  // namespace veltrix
