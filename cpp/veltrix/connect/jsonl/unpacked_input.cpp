#include "veltrix/connect/jsonl/unpacked_input.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "veltrix/connect/jsonl/inflater.hpp"
#include "veltrix/engine/source.hpp"

namespace veltrix {
namespace {

constexpr std::size_t kPackedBytes = std::size_t{128} << 10;

}  // namespace

UnpackedInput::UnpackedInput(InputFile file, std::string path)
    : file_(std::move(file)), path_(std::move(path)) {}
UnpackedInput::UnpackedInput(UnpackedInput&&) noexcept = default;
UnpackedInput& UnpackedInput::operator=(UnpackedInput&&) noexcept = default;
UnpackedInput::~UnpackedInput() = default;

Result<UnpackedInput> UnpackedInput::open(const std::string& path) {
  auto file = InputFile::open(path);
  if (!file) return tl::make_unexpected(std::move(file.error()));
  return UnpackedInput(std::move(*file), path);
}

tl::unexpected<Error> UnpackedInput::damaged(const std::string& what) const {
  return fail(ErrorCode::kIo, "cannot unpack \"" + path_ + "\": " + what + " at byte " +
                                  std::to_string(taken_) +
                                  " of the file; the lines before this point were read");
}

/// Reads on behind what is left. 0: the end, or the door is stopping.
Result<std::size_t> UnpackedInput::refill(const SourceDoor& door) {
  if (memory_ == nullptr) memory_ = std::make_unique_for_overwrite<char[]>(kPackedBytes);
  if (!left_.empty()) std::memmove(memory_.get(), left_.data(), left_.size());
  const std::size_t kept = left_.size();
  const auto got = file_.read({memory_.get() + kept, kPackedBytes - kept}, door);
  if (got) left_ = {memory_.get(), kept + *got};
  return got;
}

/// The first two bytes, one of which may come later than the other, tell what it is.
Result<void> UnpackedInput::look(const SourceDoor& door) {
  while (kind_ == Kind::kUnknown) {
    const bool perhaps = left_.empty() || kGzipMagic.starts_with(left_);
    if (left_.starts_with(kGzipMagic)) {
      kind_ = Kind::kPacked;
      inflater_ = std::make_unique<Inflater>();
    } else if (!perhaps) {
      kind_ = Kind::kPlain;
    } else {
      const auto got = refill(door);
      if (!got) return tl::make_unexpected(got.error());
      if (*got == 0) break;
    }
  }
  if (kind_ == Kind::kUnknown && !door.stopping()) kind_ = Kind::kPlain;  // the end
  if (kind_ != Kind::kPlain || left_.empty() || !path_.ends_with(".gz")) return {};
  return fail(ErrorCode::kIo, "cannot unpack \"" + path_ +
                                  "\": it does not begin as gzip does; if it is plain text, give "
                                  "it a name without .gz");
}

Result<std::size_t> UnpackedInput::read(std::span<char> into, const SourceDoor& door) {
  if (error_) return tl::make_unexpected(*error_);
  if (kind_ == Kind::kUnknown) {
    if (auto looked = look(door); !looked) return tl::make_unexpected(looked.error());
    if (kind_ == Kind::kUnknown) return 0;
  }
  return kind_ == Kind::kPacked ? unpack(into, door) : read_plain(into, door);
}

Result<std::size_t> UnpackedInput::read_plain(std::span<char> into, const SourceDoor& door) {
  std::size_t given = std::min(left_.size(), into.size());
  if (given > 0) std::memcpy(into.data(), left_.data(), given);
  left_.remove_prefix(given);
  if (given == 0 || (!file_.is_stream() && given < into.size())) {
    const auto got = file_.read(into.subspan(given), door);
    if (!got && given == 0) return got;
    if (got) {
      given += *got;
    } else {
      error_ = got.error();
    }
  }
  taken_ += given;
  return given;
}

Result<std::size_t> UnpackedInput::unpack(std::span<char> into, const SourceDoor& door) {
  std::size_t given = 0;
  while (given < into.size() && !error_) {
    if (left_.empty()) {
      if (given > 0 && file_.is_stream()) break;
      const auto got = refill(door);
      if (!got) {
        error_ = got.error();
      } else if (*got == 0) {
        if (!door.stopping() && !inflater_->between_members()) {
          error_ = damaged("the file ends in the middle of its compressed data").value();
        }
        break;
      }
      continue;
    }
    const Inflater::Step step = inflater_->step(left_, into.subspan(given));
    left_.remove_prefix(step.taken);
    taken_ += step.taken;
    given += step.given;
    if (step.damage != nullptr) error_ = damaged(step.damage).value();
  }
  if (given == 0 && error_) return tl::make_unexpected(*error_);
  return given;
}

}  // namespace veltrix
