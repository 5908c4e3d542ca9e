#include "veltrix/connect/jsonl/inflater.hpp"

#include <new>

#include <zlib.h>

namespace veltrix {
namespace {

constexpr int kGzipOnly = 16 + MAX_WBITS;  // zlib: no other wrapping is accepted

}  // namespace

Inflater::Inflater() : stream_(new z_stream{}) {
  // It can only be out of memory, and 40 KB are asked for.
  if (inflateInit2(stream_, kGzipOnly) != Z_OK) throw std::bad_alloc();
}

Inflater::~Inflater() {
  inflateEnd(stream_);
  delete stream_;
}

Inflater::Step Inflater::step(std::string_view packed, std::span<char> into) noexcept {
  Step done;
  while (done.taken < packed.size() && done.given < into.size() && done.damage == nullptr) {
    if (state_ == State::kInside) {
      const Step more = step_inside(packed.substr(done.taken), into.subspan(done.given));
      done.taken += more.taken;
      done.given += more.given;
      done.damage = more.damage;
      taken_ += more.taken;
      if (state_ != State::kInside) whole_ = taken_;
    } else if (packed[done.taken] == '\0' && state_ == State::kPadding) {
      ++done.taken;
      whole_ = ++taken_;
    } else if (packed[done.taken] == kGzipMagic[0]) {
      inflateReset(stream_);
      state_ = State::kInside;
    } else {
      done.damage = "bytes follow that are not gzip";
    }
  }
  return done;
}

Inflater::Step Inflater::step_inside(std::string_view packed, std::span<char> into) noexcept {
  // zlib never writes to its input, yet asks for it without const. Sizes are below 4 GiB.
  stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream_->avail_in = static_cast<uInt>(packed.size());
  stream_->next_out = reinterpret_cast<Bytef*>(into.data());
  stream_->avail_out = static_cast<uInt>(into.size());
  const int outcome = inflate(stream_, Z_NO_FLUSH);
  Step done{packed.size() - stream_->avail_in, into.size() - stream_->avail_out, nullptr};
  if (outcome == Z_STREAM_END) {
    state_ = State::kPadding;  // zeros may follow a member: tapes and some writers fill blocks
  } else if (outcome != Z_OK && outcome != Z_BUF_ERROR) {
    done.damage = stream_->msg != nullptr ? stream_->msg : "it is not gzip as zlib knows it";
  }
  return done;
}

}  // namespace veltrix
