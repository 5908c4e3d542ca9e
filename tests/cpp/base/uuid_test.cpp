#include "veltrix/base/uuid.hpp"

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace veltrix {
namespace {

constexpr std::int64_t kMs = 1'000'000;

std::string text_of(const Uuid& uuid) {
  std::string out(kUuidTextSize, '\0');
  write_uuid(uuid, out.data());
  return out;
}

std::uint64_t milliseconds_of(const Uuid& uuid) {
  std::uint64_t ms = 0;
  for (std::size_t i = 0; i < 6; ++i) ms = ms << 8 | uuid.bytes[i];
  return ms;
}

TEST(WriteUuid, WritesLowerCaseGroups) {
  Uuid uuid;
  for (std::size_t i = 0; i < 16; ++i) uuid.bytes[i] = static_cast<std::uint8_t>(i * 17);
  EXPECT_EQ(text_of(uuid), "00112233-4455-6677-8899-aabbccddeeff");
  EXPECT_EQ(text_of(Uuid{}), "00000000-0000-0000-0000-000000000000");
}

TEST(UuidV7, CarriesVersionVariantAndTime) {
  UuidV7Generator generator(1);
  for (int i = 0; i < 1'000; ++i) {
    const Uuid uuid = generator.next(1'700'000'000'123 * kMs);
    EXPECT_EQ(uuid.bytes[6] >> 4, 7);
    EXPECT_EQ(uuid.bytes[8] >> 6, 2);
    EXPECT_EQ(milliseconds_of(uuid), 1'700'000'000'123U);
  }
}

TEST(UuidV7, IncreasesWhenTheClockStandsStill) {
  UuidV7Generator generator(2);
  Uuid last = generator.next(5 * kMs);
  for (int i = 0; i < 1'000'000; ++i) {
    const Uuid next = generator.next(5 * kMs);
    ASSERT_LT(last.bytes, next.bytes);
    last = next;
  }
  EXPECT_EQ(milliseconds_of(last), 5U) << "a million ids in a millisecond must not borrow time";
}

TEST(UuidV7, IncreasesWhenTheClockJumpsBack) {
  UuidV7Generator generator(3);
  const Uuid before = generator.next(1'000 * kMs);
  const Uuid after = generator.next(10 * kMs);
  EXPECT_LT(before.bytes, after.bytes);
  EXPECT_LT(after.bytes, generator.next(-5).bytes);
}

TEST(UuidV7, DiffersBetweenGeneratorsOfTheSameInstant) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
    UuidV7Generator generator(seed);
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(seen.insert(text_of(generator.next(kMs))).second);
  }
}

TEST(UuidV7, RepeatsItselfWithTheSameSeed) {
  UuidV7Generator a(4), b(4);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(a.next(i * kMs), b.next(i * kMs));
}

TEST(UuidV7, BorrowsAMillisecondOnlyWhenTheCounterIsFull) {
  // 2^42 ids fill a millisecond; the top bit of the counter shows that each one starts low.
  UuidV7Generator generator(5);
  for (int ms = 1; ms < 1'000; ++ms) EXPECT_LT(generator.next(ms * kMs).bytes[6] & 0x0F, 0x08);
}

RC_GTEST_PROP(UuidV7Property, IncreasesStrictlyWhateverTheClockDoes,
              (std::uint64_t seed, const std::vector<std::int64_t>& clock)) {
  UuidV7Generator generator(seed);
  Uuid last = generator.next(0);
  std::string last_text = text_of(last);
  for (const std::int64_t now : clock) {
    const Uuid next = generator.next(now);
    RC_ASSERT(last.bytes < next.bytes);
    RC_ASSERT(last_text < text_of(next));
    last = next;
    last_text = text_of(next);
  }
}

}  // namespace
}  // namespace veltrix
