#include "server/telemetry/request_log.hpp"

#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

constexpr const char* header =
    "request_id,route,enqueued_ns,started_ns,ended_ns,queued_ns,backend_ns,status,strategy,worker,workers,holds_worker,"
    "at_once,queue,core\n";

const RequestRow::TimePoint noon = std::chrono::steady_clock::now();

RequestRow row(std::string_view id) {
  return {.request_id = id,
          .route = "/wait",
          .enqueued = noon,
          .started = noon + 3ms,
          .ended = noon + 10ms,
          .backend = 5ms,
          .status = 200,
          .served_by = "fixed-pool"};
}

class RequestLogFile : public testing::Test {
 protected:
  std::unique_ptr<RequestLog> open(RequestLog::Room room = {}) const {
    return RequestLog::open(file_.path(), room).value();
  }

  std::string rows() const {
    const std::string text = file_.text();
    EXPECT_THAT(text, StartsWith(header));
    return text.substr(std::string_view(header).size());
  }

  TemporaryFile file_{".csv"};
};

TEST_F(RequestLogFile, HasARowForEachRequestOnceFlushed) {
  const auto log = open();
  EXPECT_EQ(log->append(row("1-000000000000")), 0U);
  EXPECT_EQ(log->append(row("1-000000000001")), 0U);
  log->flush();
  EXPECT_THAT(rows(), MatchesRegex("1-000000000000,/wait,[0-9]+,[0-9]+,[0-9]+,3000000,5000000,200,fixed-pool\n"
                                   "1-000000000001,/wait,[0-9]+,[0-9]+,[0-9]+,3000000,5000000,200,fixed-pool\n"));
}

TEST_F(RequestLogFile, TellsTheFactsOfTheStrategyThatServed) {
  const auto log = open();
  const StrategyFacts pool{.workers = 16, .holds_worker = true, .at_once = 16, .queue = 1024};
  const StrategyFacts loop{.worker = Worker::loop, .workers = 1};
  const std::string_view by_pool = log->served_by("fixed-pool", pool);
  RequestRow served = row("a");
  served.served_by = log->served_by("event-loop", loop);
  log->append(served);
  served.served_by = by_pool;
  log->append(served);
  log->flush();
  EXPECT_THAT(rows(),
              MatchesRegex("a,.*,200,event-loop,loop,1,false,,,\na,.*,200,fixed-pool,thread,16,true,16,1024,\n"));
  EXPECT_EQ(log->served_by("fixed-pool", pool).data(), by_pool.data());
}

TEST_F(RequestLogFile, TellsUnixTimesOneDistanceApart) {
  const auto log = open();
  log->append(row("a"));
  log->flush();
  std::array<long, 3> times{};
  ASSERT_EQ(std::sscanf(rows().c_str(), "a,/wait,%ld,%ld,%ld,", &times[0], &times[1], &times[2]), 3);
  EXPECT_EQ(times[1] - times[0], 3'000'000);
  EXPECT_EQ(times[2] - times[0], 10'000'000);
}

TEST_F(RequestLogFile, LeavesTheStartOfARequestTurnedAwayEmpty) {
  const auto log = open();
  RequestRow rejected = row("a");
  rejected.started.reset();
  rejected.status = 503;
  log->append(rejected);
  log->flush();
  EXPECT_THAT(rows(), MatchesRegex("a,/wait,[0-9]+,,[0-9]+,10000000,5000000,503,fixed-pool\n"));
}

TEST_F(RequestLogFile, QuotesAPathThatHoldsAComma) {
  const auto log = open();
  RequestRow odd = row("a");
  odd.route = "/wait,\"x\"";
  log->append(odd);
  log->flush();
  EXPECT_THAT(rows(), StartsWith("a,\"/wait,\"\"x\"\"\","));
}

TEST_F(RequestLogFile, RefusesARowWithoutRoomAndTakesTheNext) {
  const auto log = open({.rows = 100, .text_bytes = 20});
  EXPECT_EQ(log->append(row("an-id-that-is-longer-than-the-room")), 1U);
  EXPECT_EQ(log->append(row("short")), 0U);
  log->flush();
  EXPECT_THAT(rows(), StartsWith("short,"));
}

TEST_F(RequestLogFile, WritesWhatIsLeftAtItsEnd) {
  open()->append(row("last"));
  EXPECT_THAT(rows(), StartsWith("last,"));
}

TEST_F(RequestLogFile, LosesNoRowWhenItIsMovedAway) {
  const TemporaryFile moved(".csv.1");
  const auto log = open();
  log->append(row("before"));
  std::filesystem::rename(file_.path(), moved.path());
  log->append(row("between"));
  log->reopen();
  log->append(row("after"));
  log->flush();
  EXPECT_THAT(moved.text(), AllOf(StartsWith(header), HasSubstr("\nbefore,"), HasSubstr("\nbetween,")));
  EXPECT_THAT(rows(), StartsWith("after,"));
}

TEST_F(RequestLogFile, KeepsRowsOfManyThreadsWhole) {
  constexpr std::ptrdiff_t each = 2000;
  {
    const auto log = open({.rows = 4 * each, .text_bytes = 4 * each * 16});
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&] {
        for (std::ptrdiff_t n = 0; n < each; ++n)
          EXPECT_EQ(log->append(row("some-id")), 0U);
      });
    }
  }
  const std::string text = rows();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4 * each);
  std::size_t whole = 0;
  for (std::size_t at = text.find("some-id,/wait,"); at != std::string::npos; at = text.find("some-id,/wait,", at + 1))
    ++whole;
  EXPECT_EQ(whole, 4 * each);
}

TEST(RequestLog, SaysWhichSettingNamesAFileThatCannotBeOpened) {
  const auto log = RequestLog::open("/nowhere/at/all.csv");
  ASSERT_FALSE(log);
  EXPECT_THAT(log.error().message, HasSubstr("set telemetry.request_log to a file"));
}

}  // namespace
}  // namespace waitlab::server
