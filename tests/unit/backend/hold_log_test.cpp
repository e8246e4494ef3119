#include "backend/hold_log.hpp"

#include "tests/support/temporary_file.hpp"
#include "tests/unit/backend/fake_time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

namespace waitlab::backend {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

const std::string header = "request_id,route,arrival_ns,drawn_ns,queued_ns,held_ns,outcome\n";

HoldRecord record(std::string id, std::string route = "/wait") {
  return {.request_id = std::move(id),
          .route = std::move(route),
          .arrival = TimeSource::UnixTime{1'700'000'000'123'456'789ns},
          .drawn = 50ms,
          .queued = 7ns,
          .held = 50'010us,
          .outcome = Outcome::served};
}

class HoldLogTest : public testing::Test {
 protected:
  void open() {
    auto opened = HoldLog::open(file_.path(), "profile.hold_log", time_);
    ASSERT_TRUE(opened) << opened.error().message;
    log_ = std::move(*opened);
  }

  std::string text() const { return file_.text(); }

  const TemporaryFile file_{".csv"};
  FakeTime time_;
  std::unique_ptr<HoldLog> log_;
};

TEST_F(HoldLogTest, BeginsWithItsHeader) {
  open();
  EXPECT_EQ(text(), header);
}

TEST_F(HoldLogTest, EmptiesTheLogOfAnEarlierRun) {
  file_.write("old");
  open();
  EXPECT_EQ(text(), header);
}

TEST_F(HoldLogTest, WritesALineForEachHoldWithinASecond) {
  open();
  log_->append(record("a"));
  EXPECT_EQ(text(), header);
  time_.advance(1s);
  EXPECT_EQ(text(), header + "a,/wait,1700000000123456789,50000000,7,50010000,served\n");
}

TEST_F(HoldLogTest, SleepsWhileThereIsNothingToWrite) {
  open();
  EXPECT_EQ(time_.pending(), 0u);
  log_->append(record("a"));
  time_.advance(1s);
  EXPECT_EQ(time_.pending(), 0u);
}

TEST_F(HoldLogTest, WritesAtOnceWhenThereIsMuch) {
  open();
  for (int i = 0; i < 2000; ++i)
    log_->append(record("a"));
  EXPECT_GT(text().size(), 64u * 1024);
}

TEST_F(HoldLogTest, WritesTheRestWhenItEnds) {
  open();
  log_->append(record("a"));
  log_.reset();
  EXPECT_THAT(text(), EndsWith(",served\n"));
}

TEST_F(HoldLogTest, LosesNoLineWhenItIsMovedAway) {
  const TemporaryFile moved(".csv.1");
  open();
  log_->append(record("before"));
  std::filesystem::rename(file_.path(), moved.path());
  log_->reopen();
  log_->append(record("after"));
  log_->flush();
  EXPECT_THAT(moved.text(), AllOf(StartsWith(header + "before,"), EndsWith(",served\n")));
  EXPECT_THAT(text(), StartsWith(header + "after,"));
}

TEST_F(HoldLogTest, NamesEveryOutcome) {
  open();
  for (std::size_t outcome = 0; outcome < outcome_names.size(); ++outcome) {
    HoldRecord ended = record("a");
    ended.outcome = static_cast<Outcome>(outcome);
    log_->append(ended);
  }
  log_->flush();
  for (const char* name :
       {"served", "rejected", "expired", "aborted", "failed", "reset_before", "reset_in", "dripped", "stalled"})
    EXPECT_THAT(text(), HasSubstr("," + std::string(name) + "\n"));
}

TEST_F(HoldLogTest, QuotesValuesThatWouldBreakALine) {
  open();
  log_->append(record("a,\"b\"", "/x\ny"));
  log_->flush();
  EXPECT_THAT(text(), HasSubstr("\"a,\"\"b\"\"\",\"/x\ny\",17"));
}

TEST_F(HoldLogTest, SaysWhichFileItCannotOpen) {
  const auto opened = HoldLog::open("/nowhere/holds.csv", "profiles.db.hold_log", time_);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("/nowhere/holds.csv"));
  EXPECT_THAT(opened.error().message, HasSubstr("No such file"));
  EXPECT_THAT(opened.error().message, HasSubstr("profiles.db.hold_log"));
}

TEST_F(HoldLogTest, SaysThatAFullDiskCannotBeWritten) {
  const auto opened = HoldLog::open("/dev/full", "profile.hold_log", time_);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("cannot write the hold log /dev/full"));
}

}  // namespace
}  // namespace waitlab::backend
