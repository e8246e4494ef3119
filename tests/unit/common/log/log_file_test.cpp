#include "common/log/log_file.hpp"

#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>

namespace waitlab {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const LogFile::Words words{"waitlab-test", "test log", "test.log"};

TEST(LogFile, BeginsAfreshWithItsHeaderAndGrowsByLines) {
  const TemporaryFile file(".csv");
  file.write("something old\n");
  auto log = LogFile::open(file.path(), words, "a,b\n").value();
  EXPECT_EQ(file.text(), "a,b\n");
  log.write("1,2\n");
  EXPECT_EQ(file.text(), "a,b\n1,2\n");
}

TEST(LogFile, SaysWhichSettingNamesAFileItCannotOpen) {
  const auto log = LogFile::open("/nowhere/at/all.csv", words, "a\n");
  ASSERT_FALSE(log);
  EXPECT_THAT(log.error().message,
              AllOf(HasSubstr("cannot open the test log /nowhere/at/all.csv"), HasSubstr("test.log")));
}

TEST(LogFile, RefusesAFileWithoutRoomForTheHeader) {
  const auto log = LogFile::open("/dev/full", words, "a\n");
  ASSERT_FALSE(log);
  EXPECT_THAT(log.error().message, HasSubstr("cannot write the test log /dev/full"));
}

}  // namespace
}  // namespace waitlab
