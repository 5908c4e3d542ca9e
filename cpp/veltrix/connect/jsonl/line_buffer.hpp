#pragma once
// Cuts a stream of bytes into lines, with a bound on memory. Does no I/O: whoever reads asks room()
// where the next bytes go, commit()s them and takes lines until next() says that it needs more.
//
// One thread's at a time. A block that another thread takes the lines of ends with a whole line:
// what follows it is taken off by cut() and begins the next block. Lines are views into the buffer,
// valid until the next call of room(); kJsonPadding readable bytes follow each of them, so that the
// JSON reader needs no copy. Memory: one block plus the longest line allowed; of a longer line the
// rest is thrown away as it comes.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace veltrix {

struct Line {
  std::string_view text;     // without its end (LF or CRLF), without a byte order mark
  std::uint64_t number = 0;  // in its file, from 1
  bool too_long = false;     // `text` is only its beginning
};

class LineBuffer {
 public:
  LineBuffer(std::size_t block_bytes, std::size_t max_line_bytes);

  /// A new file begins: forgets what is left of the last one.
  void begin() { begin({}, {}); }
  /// Begins somewhere in a file; lines are numbered from here.
  struct Start {
    bool of_file = true;            // a byte order mark may stand here
    bool inside_long_line = false;  // what comes first is the rest of a line that was told already
  };
  /// `carry`: what cut() took off.
  void begin(Start start, std::string_view carry);
  /// Where to read to; at least one block. Only after next() returned false.
  std::span<char> room();
  void commit(std::size_t bytes) noexcept;
  /// The file has ended: what is left is its last line.
  void end() noexcept { ended_ = true; }
  enum class Cut : std::uint8_t {
    kWhole,   // the buffer ends with a line end now
    kNoEnd,   // it holds less than one line: read on
    kInside,  // it ends inside a line that is too long and that next() tells
  };
  /// Takes off what follows the last line end.
  Cut cut(std::string& carry);
  /// Bytes in the buffer that no next() has passed.
  std::size_t size() const noexcept { return end_ - begin_; }
  /// The next whole line, blank ones included; false: more bytes are needed, or none will come.
  bool next(Line& line) noexcept;
  /// The whole lines within the next `bytes`, with their ends.
  std::string_view ahead(std::size_t bytes) const noexcept;
  /// Where the next line begins.
  const char* position() const noexcept { return buffer_.get() + begin_; }
  /// Line ends passed since begin().
  std::uint64_t line_ends() const noexcept { return number_ - 1; }
  const char* bytes() const noexcept { return buffer_.get(); }

 private:
  void reserve(std::size_t kept);
  void fill(Line& line, std::size_t length, bool too_long) const noexcept;
  bool next_without_end(Line& line) noexcept;

  std::size_t block_bytes_;
  std::size_t max_line_bytes_;
  std::size_t capacity_ = 0;  // of buffer_, padding not counted
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_ = 0;     // of the line at hand
  std::size_t scanned_ = 0;   // no line end before here
  std::size_t end_ = 0;       // of the bytes read
  std::uint64_t number_ = 1;  // of the line at hand
  bool of_file_ = true;       // the first line is its file's first
  bool skipping_ = false;     // the line at hand was reported as too long
  bool ended_ = false;
};

}  // namespace veltrix
