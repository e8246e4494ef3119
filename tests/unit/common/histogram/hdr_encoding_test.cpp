#include "common/histogram/base64.hpp"
#include "common/histogram/hdr_histogram.hpp"

#include <gmock/gmock.h>
#include <zlib.h>

namespace waitlab {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// Written by HdrHistogram's Java library from 1 us, 50 ms, 50 ms, 1 s and 1 h.
constexpr std::string_view golden = "HISTFAAAACx4nJNpmSzMwMDAwwABzFDqBRC7GexYwGD/ASrD9LSc5acr0/o9jEwAuSAJUQ==";

HdrHistogram golden_histogram() {
  HdrHistogram histogram;
  for (const auto value : std::initializer_list<std::chrono::nanoseconds>{1us, 50ms, 50ms, 1s, 1h})
    histogram.record(value);
  return histogram;
}

std::string big_endian(std::uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes += static_cast<char>(number >> shift & 255);
  return bytes;
}

/// An encoding with a sound header around these packed counts.
std::string encoding_of(const std::string& packed_counts) {
  const std::string layout{
      "\0\0\0\0"
      "\0\0\0\3"
      "\0\0\0\0\0\0\x03\xe8"
      "\0\0\x03\x46\x30\xb8\xa0\0"
      "\x3f\xf0\0\0\0\0\0\0",
      32};
  const auto plain =
      big_endian(0x1c849313) + big_endian(static_cast<std::uint32_t>(packed_counts.size())) + layout + packed_counts;
  auto size = compressBound(plain.size());
  std::string compressed(size, '\0');
  compress(reinterpret_cast<Bytef*>(compressed.data()), &size, reinterpret_cast<const Bytef*>(plain.data()),
           plain.size());
  compressed.resize(size);
  return to_base64(big_endian(0x1c849314) + big_endian(static_cast<std::uint32_t>(size)) + compressed);
}

std::string decode_error(std::string_view text) {
  const auto histogram = HdrHistogram::decode(text);
  return histogram ? "accepted" : histogram.error().message;
}

TEST(HdrEncoding, ReadsWhatTheJavaLibraryWrote) {
  const auto histogram = HdrHistogram::decode(golden);
  ASSERT_TRUE(histogram) << histogram.error().message;
  EXPECT_EQ(histogram->count(), 5u);
  EXPECT_EQ(histogram->min(), golden_histogram().min());
  EXPECT_EQ(histogram->max(), golden_histogram().max());
  EXPECT_EQ(histogram->value_at(0.5), golden_histogram().value_at(0.5));
  EXPECT_EQ(histogram->mean_ns(), golden_histogram().mean_ns());
  EXPECT_EQ(histogram->encode(), golden_histogram().encode());
}

TEST(HdrEncoding, StartsWithTheCompressedCookie) {
  EXPECT_EQ(from_base64(golden_histogram().encode())->substr(0, 4), "\x1c\x84\x93\x14");
  EXPECT_THAT(golden_histogram().encode(), testing::StartsWith("HISTFAAAA"));
}

TEST(HdrEncoding, ReadsBackAsWritten) {
  HdrHistogram histogram;
  EXPECT_EQ(HdrHistogram::decode(histogram.encode())->count(), 0u);
  for (std::chrono::nanoseconds value = 1ns; value < 2h; value += value / 3 + 1ns) {
    for (int i = 0; i <= value.count() % 300; ++i)
      histogram.record(value);
  }
  const auto read = HdrHistogram::decode(histogram.encode());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->count(), histogram.count());
  EXPECT_EQ(read->min(), histogram.min());
  EXPECT_EQ(read->max(), histogram.max());
  EXPECT_EQ(read->mean_ns(), histogram.mean_ns());
  EXPECT_EQ(read->encode(), histogram.encode());
}

TEST(HdrEncoding, ReadsBackCountsOfNineBytes) {
  HdrHistogram histogram;
  histogram.record(1ms);
  for (int doubling = 0; doubling < 61; ++doubling)
    histogram.merge(histogram);
  const auto read = HdrHistogram::decode(histogram.encode());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->count(), std::uint64_t{1} << 61);
  EXPECT_EQ(read->max(), histogram.max());
}

TEST(HdrEncoding, RejectsGarbage) {
  EXPECT_EQ(decode_error(""), "damaged histogram: not the compressed V2 encoding");
  EXPECT_EQ(decode_error("not base64!"), "damaged histogram: not base64 text");
  EXPECT_EQ(decode_error(to_base64("hello, world")), "damaged histogram: not the compressed V2 encoding");
  EXPECT_EQ(decode_error(to_base64(std::string{"\x1c\x84\x93\x14\0\0\0\4oops", 12})),
            "damaged histogram: its compressed part cannot be read");
}

TEST(HdrEncoding, RejectsEveryTruncation) {
  const auto bytes = *from_base64(golden);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_THAT(decode_error(to_base64(bytes.substr(0, length))), HasSubstr("damaged histogram")) << length;
  }
  EXPECT_THAT(decode_error(to_base64(bytes + "x")), HasSubstr("cut short, or too long"));
}

TEST(HdrEncoding, NeverReadsOtherCountsFromAFlippedBit) {
  const auto bytes = *from_base64(golden);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    const auto histogram = HdrHistogram::decode(to_base64(flipped));
    EXPECT_EQ(histogram ? histogram->encode() : golden_histogram().encode(), golden_histogram().encode()) << bit;
  }
}

TEST(HdrEncoding, RejectsAnotherRangeOrPrecision) {
  const auto* two_digits = "HISTFAAAACV4nJNpmSzMwMDAzAABTBCK+QUQuxnsWMBg/wEi8luECQBw0AZI";
  const auto* from_one_nanosecond = "HISTFAAAACV4nJNpmSzMwMDAwgABzFCaEch0M9ixgMH+A0TgZTsTEwBlOAXD";
  for (const auto* other : {two_digits, from_one_nanosecond}) {
    EXPECT_EQ(decode_error(other),
              "histogram of another layout: only 1 us to 1 h in nanoseconds at 3 digits can be read");
  }
}

TEST(HdrEncoding, RejectsCountsThatCannotBe) {
  const std::string largest_count = "\xfe\xff\xff\xff\xff\xff\xff\xff\xff";
  const std::string longest_run = "\xff\xff\xff\xff\xff\xff\xff\xff\xff";
  EXPECT_EQ(decode_error(encoding_of(largest_count)), "accepted");
  EXPECT_EQ(decode_error(encoding_of(largest_count + largest_count + largest_count)),
            "damaged histogram: its counts overflow");
  EXPECT_EQ(decode_error(encoding_of(longest_run)), "damaged histogram: its counts do not fit the range");
  EXPECT_EQ(decode_error(encoding_of("\x80")), "damaged histogram: its counts do not fit the range");
  EXPECT_EQ(decode_error(encoding_of(std::string(24'576, '\2'))), "accepted");
  EXPECT_EQ(decode_error(encoding_of(std::string(24'577, '\2'))), "damaged histogram: its counts do not fit the range");
  EXPECT_EQ(decode_error(encoding_of(std::string(1'000'000, '\2'))),
            "damaged histogram: its compressed part cannot be read");
}

}  // namespace
}  // namespace waitlab
