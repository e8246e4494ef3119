#include "common/log/log_file.hpp"

#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>

#include <sys/resource.h>
#include <sys/stat.h>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

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

TEST(LogFile, GoesOnInANewFileOnceThisOneWasMovedAway) {
  const TemporaryFile file(".csv");
  const TemporaryFile moved(".csv.1");
  auto log = LogFile::open(file.path(), words, "a,b\n").value();
  log.write("1,2\n");
  std::filesystem::rename(file.path(), moved.path());
  log.write("3,4\n");
  log.reopen();
  log.write("5,6\n");
  EXPECT_EQ(moved.text(), "a,b\n1,2\n3,4\n");
  EXPECT_EQ(file.text(), "a,b\n5,6\n");
}

TEST(LogFile, TakesBackALineThatWasCutAndCountsTheLost) {
  const TemporaryFile file(".csv");
  auto log = LogFile::open(file.path(), words, "a,b\n").value();
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{10, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &tight);
  const std::size_t lost = log.write("1,2\n3,4\n5,6\n");
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(lost, 2U);
  EXPECT_EQ(log.write("7,8\n"), 0U);
  EXPECT_EQ(file.text(), "a,b\n1,2\n7,8\n");
}

TEST(LogFile, DoesNotWaitForTheReaderOfAPipe) {
  const TemporaryFile path(".fifo");
  ASSERT_EQ(::mkfifo(path.path().c_str(), 0600), 0);
  EXPECT_FALSE(LogFile::open(path.path(), words, "a,b\n"));
}

TEST(LogFile, GoesOnWhereItWasUnlessItsFileWasMovedAway) {
  const TemporaryFile file(".csv");
  auto log = LogFile::open(file.path(), words, "a,b\n").value();
  log.write("1,2\n");
  log.reopen();
  log.write("3,4\n");
  EXPECT_EQ(file.text(), "a,b\n1,2\n3,4\n");
}

TEST(LogFile, TakesTheFileThatSomebodyPutInThePlaceOfTheOneMovedAway) {
  const TemporaryFile file(".csv");
  auto log = LogFile::open(file.path(), words, "a,b\n").value();
  std::filesystem::remove(file.path());
  file.write("");
  log.reopen();
  log.write("1,2\n");
  EXPECT_EQ(file.text(), "a,b\n1,2\n") << "an empty one, as logrotate's create makes it";
  std::filesystem::remove(file.path());
  file.write("a,b\n1,2\n");
  log.reopen();
  log.write("3,4\n");
  EXPECT_EQ(file.text(), "a,b\n1,2\n3,4\n") << "one that has rows keeps them";
}

TEST(LogFile, GoesOnInTheOldFileWhereNoNewOneCanBe) {
  const TemporaryFile folder("");
  std::filesystem::create_directory(folder.path());
  const TemporaryFile moved("");
  auto log = LogFile::open(folder.path() + "/log.csv", words, "a,b\n").value();
  std::filesystem::rename(folder.path(), moved.path());
  testing::internal::CaptureStderr();
  log.reopen();
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("cannot open the test log " + folder.path()));
  log.write("1,2\n");
  std::ifstream lines(moved.path() + "/log.csv");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(lines), {}), "a,b\n1,2\n");
  std::filesystem::remove_all(moved.path());
}

TEST(LogFile, GrowsAtItsEndThoughSomebodyElseEmptiedIt) {
  const TemporaryFile file(".csv");
  auto log = LogFile::open(file.path(), words, "a,b\n").value();
  std::filesystem::resize_file(file.path(), 0);
  log.write("1,2\n");
  EXPECT_EQ(file.text(), "1,2\n");
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
