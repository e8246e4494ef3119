#include "common/csv/csv_line.hpp"

#include <gmock/gmock.h>

namespace waitlab {
namespace {

using testing::ElementsAre;

std::vector<std::string> split(std::string_view line) {
  std::vector<std::string> values{"left", "over", "from", "before"};
  split_csv_line(line, values);
  return values;
}

TEST(CsvLine, SplitsAtCommas) {
  EXPECT_THAT(split("a,,c"), ElementsAre("a", "", "c"));
  EXPECT_THAT(split("a,"), ElementsAre("a", ""));
  EXPECT_THAT(split(""), ElementsAre(""));
  EXPECT_THAT(split("a,b\r"), ElementsAre("a", "b"));
}

TEST(CsvLine, ReadsWhatWasQuoted) {
  for (const std::string value : {"plain", "a,b", "say \"hi\"", "\"", "\",\""}) {
    std::string line;
    append_csv_value(line, value);
    line += ",next";
    EXPECT_THAT(split(line), ElementsAre(value, "next")) << line;
  }
}

TEST(CsvLine, QuotesOnlyWhatNeedsIt) {
  std::string line;
  append_csv_value(line, "/wait?delay=5ms");
  EXPECT_EQ(line, "/wait?delay=5ms");
}

}  // namespace
}  // namespace waitlab
