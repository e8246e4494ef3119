#include "common/config/units.hpp"

#include <gmock/gmock.h>

#include <limits>

namespace waitlab {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::string duration_error(std::string_view text) {
  const auto result = parse_duration(text);
  return result ? "accepted" : result.error().message;
}

std::string size_error(std::string_view text) {
  const auto result = parse_size(text);
  return result ? "accepted" : result.error().message;
}

TEST(DurationUnits, ReadsEveryUnit) {
  EXPECT_EQ(*parse_duration("250ns"), 250ns);
  EXPECT_EQ(*parse_duration("10us"), 10us);
  EXPECT_EQ(*parse_duration("50ms"), 50ms);
  EXPECT_EQ(*parse_duration("2s"), 2s);
  EXPECT_EQ(*parse_duration("3m"), 3min);
  EXPECT_EQ(*parse_duration("1h"), 1h);
  EXPECT_EQ(*parse_duration("0s"), 0ns);
}

TEST(DurationUnits, ReadsDecimalsExactly) {
  EXPECT_EQ(*parse_duration("1.5ms"), 1500us);
  EXPECT_EQ(*parse_duration("0.1us"), 100ns);
  EXPECT_EQ(*parse_duration("1.123456789s"), 1123456789ns);
  EXPECT_EQ(*parse_duration("0.00000000005m"), 3ns);
  EXPECT_EQ(*parse_duration("2.5000000000000000000000000h"), 150min);
}

TEST(DurationUnits, RejectsABareNumber) {
  EXPECT_EQ(duration_error("50"), R"("50" has no unit (ns, us, ms, s, m, h); write for example "50ms")");
  EXPECT_THAT(duration_error("0"), HasSubstr("has no unit"));
}

TEST(DurationUnits, RejectsAnUnknownUnit) {
  EXPECT_EQ(duration_error("50 ms"),
            R"("50 ms" has the unknown unit " ms" (allowed: ns, us, ms, s, m, h); write for example "50ms")");
  EXPECT_THAT(duration_error("5MS"), HasSubstr("unknown unit \"MS\""));
  EXPECT_THAT(duration_error("5e3ms"), HasSubstr("unknown unit \"e3ms\""));
}

TEST(DurationUnits, RejectsANegativeOne) {
  EXPECT_EQ(duration_error("-5ms"), R"("-5ms" is a negative duration; write for example "50ms")");
}

TEST(DurationUnits, RejectsWhatIsNoNumber) {
  for (const auto* text : {"", "ms", ".5s", "5.s", "fast", "+5ms", " 5ms"}) {
    EXPECT_THAT(duration_error(text), HasSubstr("is not a duration")) << text;
  }
}

TEST(DurationUnits, RejectsFractionsOfANanosecond) {
  EXPECT_THAT(duration_error("1.5ns"), HasSubstr("is not a whole number of ns"));
  EXPECT_THAT(duration_error("0.0000000000000000001h"), HasSubstr("is not a whole number of ns"));
}

TEST(DurationUnits, ReadsUpToTheRangeOfNanosecondsAndNoFurther) {
  EXPECT_EQ(*parse_duration("9223372036854775807ns"), std::chrono::nanoseconds::max());
  EXPECT_THAT(duration_error("9223372036854775808ns"), HasSubstr("is too large a duration"));
  EXPECT_THAT(duration_error("2562048h"), HasSubstr("is too large"));
  EXPECT_THAT(duration_error("99999999999999999999s"), HasSubstr("is too large"));
}

TEST(DurationUnits, AreWrittenInTheLargestUnitThatIsExact) {
  EXPECT_EQ(format_duration(50ms), "50ms");
  EXPECT_EQ(format_duration(1500us), "1500us");
  EXPECT_EQ(format_duration(2s), "2s");
  EXPECT_EQ(format_duration(90s), "90s");
  EXPECT_EQ(format_duration(3600s), "1h");
  EXPECT_EQ(format_duration(0ns), "0s");
  EXPECT_EQ(format_duration(-5ms), "-5ms");
}

TEST(DurationUnits, ReadBackAsWritten) {
  for (const auto duration : {0ns, 1ns, 999ns, 1000ns, 1001us + 0ns, 61s + 0ns, std::chrono::nanoseconds::max()}) {
    EXPECT_EQ(*parse_duration(format_duration(duration)), duration);
  }
}

TEST(SizeUnits, ReadsPowersOf1024And1000) {
  EXPECT_EQ(*parse_size("512B"), 512u);
  EXPECT_EQ(*parse_size("64KiB"), 65536u);
  EXPECT_EQ(*parse_size("1.5MiB"), 1572864u);
  EXPECT_EQ(*parse_size("2GiB"), 2147483648u);
  EXPECT_EQ(*parse_size("10kB"), 10000u);
  EXPECT_EQ(*parse_size("1MB"), 1000000u);
  EXPECT_EQ(*parse_size("18446744073709551615B"), std::numeric_limits<std::uint64_t>::max());
}

TEST(SizeUnits, RejectsWhatIsNoSize) {
  EXPECT_EQ(size_error("64kb"),
            R"("64kb" has the unknown unit "kb" (allowed: B, KiB, MiB, GiB, kB, MB, GB); write for example "64KiB")");
  EXPECT_THAT(size_error("64"), HasSubstr("has no unit"));
  EXPECT_THAT(size_error("0.3B"), HasSubstr("is not a whole number of B"));
  EXPECT_THAT(size_error("-1B"), HasSubstr("is a negative size"));
  EXPECT_THAT(size_error("18446744073709551616B"), HasSubstr("is too large a size"));
  EXPECT_THAT(size_error("17179869184GiB"), HasSubstr("is too large a size"));
}

TEST(SizeUnits, AreWrittenInTheLargestBinaryUnitThatIsExact) {
  EXPECT_EQ(format_size(65536), "64KiB");
  EXPECT_EQ(format_size(1000), "1000B");
  EXPECT_EQ(format_size(0), "0B");
  EXPECT_EQ(format_size(std::uint64_t{1} << 30), "1GiB");
}

}  // namespace
}  // namespace waitlab
