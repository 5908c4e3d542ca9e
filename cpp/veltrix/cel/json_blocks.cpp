#include "veltrix/cel/json_blocks.hpp"

#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace veltrix::cel {
namespace {

/// One bit per byte of a block, by what the byte is.
struct Found {
  std::uint64_t quotes = 0;
  std::uint64_t backslashes = 0;
  std::uint64_t structurals = 0;
};

/// Bytes behind a backslash that is not escaped itself.
std::uint64_t escaped_bytes(std::uint64_t backslashes, JsonCarry& carry) noexcept {
  std::uint64_t escaped = carry.escaped ? 1 : 0;
  backslashes &= ~escaped;
  carry.escaped = false;
  carry.any_escape = true;
  while (backslashes != 0) {
    const int at = std::countr_zero(backslashes);
    if (at == 63) {
      carry.escaped = true;
      break;
    }
    escaped |= std::uint64_t{2} << at;
    backslashes &= ~(std::uint64_t{3} << at);
  }
  return escaped;
}

/// Bit i of the result: the parity of bits 0 … i.
std::uint64_t parities(std::uint64_t bits) noexcept {
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

inline JsonBlock block_of(const Found& found, std::uint64_t inside, std::uint64_t quotes,
                          JsonCarry& carry) noexcept {
  inside ^= carry.in_string;
  carry.in_string = std::uint64_t{0} - (inside >> 63);
  return {quotes, found.structurals & ~inside};
}

inline std::uint64_t open_quotes(const Found& found, JsonCarry& carry) noexcept {
  if ((found.backslashes != 0) | carry.escaped) [[unlikely]] {
    return found.quotes & ~escaped_bytes(found.backslashes, carry);
  }
  return found.quotes;
}

Found shifted(const Found& found, std::size_t count) noexcept {
  return {found.quotes >> count, found.backslashes >> count, found.structurals >> count};
}

#if defined(__x86_64__)

// '{' and '[', '}' and ']' differ in one bit only.
constexpr char kCaseBit = 0x20;

Found look_sse2(const char* at) noexcept {
  Found found;
  for (int i = 0; i < 4; ++i) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 16 * i));
    const __m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(kCaseBit));
    const __m128i braces = _mm_or_si128(_mm_cmpeq_epi8(folded, _mm_set1_epi8('{')),
                                        _mm_cmpeq_epi8(folded, _mm_set1_epi8('}')));
    const __m128i marks = _mm_or_si128(braces, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(':')));
    const auto bits = [i](__m128i mask) {
      return std::uint64_t{static_cast<std::uint32_t>(_mm_movemask_epi8(mask))} << (16 * i);
    };
    found.quotes |= bits(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));
    found.backslashes |= bits(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
    found.structurals |= bits(marks);
  }
  return found;
}

[[gnu::target("avx2,pclmul")]] inline Found look_avx2(const char* at) noexcept {
  Found found;
  for (int i = 0; i < 2; ++i) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + 32 * i));
    const __m256i folded = _mm256_or_si256(bytes, _mm256_set1_epi8(kCaseBit));
    const __m256i braces = _mm256_or_si256(_mm256_cmpeq_epi8(folded, _mm256_set1_epi8('{')),
                                           _mm256_cmpeq_epi8(folded, _mm256_set1_epi8('}')));
    const __m256i marks = _mm256_or_si256(braces, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(':')));
    const __m256i quotes = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"'));
    const __m256i slashes = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\'));
    const int shift = 32 * i;
    found.quotes |= std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(quotes))}
                    << shift;
    found.backslashes |= std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(slashes))}
                         << shift;
    found.structurals |= std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(marks))}
                         << shift;
  }
  return found;
}

[[gnu::target("avx2,pclmul")]] std::size_t find_avx2(const char* at, std::size_t whole,
                                                     JsonBlock* blocks, JsonCarry& carry) noexcept {
  for (std::size_t i = 0; i < whole; ++i) {
    const Found found = look_avx2(at + i * kBlockBytes);
    const std::uint64_t quotes = open_quotes(found, carry);
    // A product without carries with all ones: the parities in one instruction.
    const __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<long long>(quotes)),
                                                 _mm_set1_epi8('\xFF'), 0);
    const auto inside = static_cast<std::uint64_t>(_mm_cvtsi128_si64(product));
    blocks[i] = block_of(found, inside, quotes, carry);
  }
  return whole;
}

bool has_avx2() noexcept {
  static const bool has = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul");
  return has;
}

Found look(const char* at) noexcept { return look_sse2(at); }

#else

Found look(const char* at) noexcept {
  Found found;
  for (std::size_t i = 0; i < kBlockBytes; ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    const char folded = static_cast<char>(at[i] | 0x20);
    if (at[i] == '"') found.quotes |= bit;
    if (at[i] == '\\') found.backslashes |= bit;
    if (at[i] == ':' || folded == '{' || folded == '}') found.structurals |= bit;
  }
  return found;
}

#endif

/// The bytes behind the last whole block, without reading past the end.
Found look_short(std::string_view text, std::size_t whole_bytes) noexcept {
  const std::size_t left = text.size() - whole_bytes;
  if (text.size() >= kBlockBytes) {
    return shifted(look(text.data() + text.size() - kBlockBytes), kBlockBytes - left);
  }
  char copy[kBlockBytes] = {};
  std::memcpy(copy, text.data(), text.size());
  return look(copy);
}

}  // namespace

std::size_t find_blocks(std::string_view text, JsonBlock* blocks, std::size_t count,
                        JsonCarry& carry) noexcept {
  const std::size_t whole = text.size() / kBlockBytes < count ? text.size() / kBlockBytes : count;
  std::size_t done = 0;
#if defined(__x86_64__)
  if (has_avx2()) done = find_avx2(text.data(), whole, blocks, carry);
#endif
  for (; done < whole; ++done) {
    const Found found = look(text.data() + done * kBlockBytes);
    const std::uint64_t quotes = open_quotes(found, carry);
    blocks[done] = block_of(found, parities(quotes), quotes, carry);
  }
  if (done == count || text.size() == done * kBlockBytes) return done;
  const Found found = look_short(text, done * kBlockBytes);
  const std::uint64_t quotes = open_quotes(found, carry);
  blocks[done] = block_of(found, parities(quotes), quotes, carry);
  return done + 1;
}

}  // namespace veltrix::cel
