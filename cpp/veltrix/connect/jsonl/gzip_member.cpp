#include "veltrix/connect/jsonl/gzip_member.hpp"

#include <array>
#include <memory>
#include <new>

#include <fcntl.h>
#include <zlib.h>

#include "veltrix/connect/jsonl/file_handle.hpp"
#include "veltrix/connect/jsonl/inflater.hpp"

namespace veltrix {
namespace {

constexpr int kGzip = 16 + MAX_WBITS;
constexpr int kMemory = 8;  // zlib's default
constexpr std::size_t kPiece = std::size_t{64} << 10;

struct Pieces {
  std::array<char, kPiece> packed;
  std::array<char, kPiece> text;
};

}  // namespace

GzipMember::GzipMember() : stream_(new z_stream{}) {
  // It can only be out of memory.
  if (deflateInit2(stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzip, kMemory,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
}

GzipMember::~GzipMember() {
  deflateEnd(stream_);
  delete stream_;
}

void GzipMember::pack(std::string_view text, std::string& out) {
  deflateReset(stream_);
  out.resize(deflateBound(stream_, text.size()));
  // zlib never writes to its input, yet asks for it without const. Texts are below 4 GiB.
  stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream_->avail_in = static_cast<uInt>(text.size());
  stream_->next_out = reinterpret_cast<Bytef*>(out.data());
  stream_->avail_out = static_cast<uInt>(out.size());
  deflate(stream_, Z_FINISH);  // with deflateBound() bytes of room it ends in one call
  out.resize(out.size() - stream_->avail_out);
}

Result<std::uint64_t> whole_members(const std::string& path) {
  const FileHandle file = FileHandle::own(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return fail_errno("open", path, "check the path and its permissions");
  const auto pieces = std::make_unique<Pieces>();
  Inflater inflater;
  std::uint64_t taken = 0;
  for (;;) {
    const ssize_t got = ::read(file.get(), pieces->packed.data(), kPiece);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno("read", path, "check the file");
    if (got == 0) return inflater.whole();
    std::string_view left(pieces->packed.data(), static_cast<std::size_t>(got));
    while (!left.empty()) {
      const Inflater::Step step = inflater.step(left, pieces->text);
      taken += step.taken;
      left.remove_prefix(step.taken);
      if (step.damage != nullptr) {
        return fail(ErrorCode::kIo, "cannot append to \"" + path + "\": " + step.damage +
                                        " at byte " + std::to_string(taken) +
                                        "; move the file away, or choose another path");
      }
    }
  }
}

}  // namespace veltrix
