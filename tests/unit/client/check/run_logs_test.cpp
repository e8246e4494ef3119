#include "client/check/run_logs.hpp"

#include <gmock/gmock.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

const UnixTime began{1'700'000'000s};

LoggedRequest logged(const std::string& id, std::chrono::nanoseconds enqueued, std::chrono::nanoseconds wait = 0ns) {
  return {.request_id = id,
          .enqueued = began + enqueued,
          .started = began + enqueued + wait,
          .ended = began + enqueued + wait + 10ms,
          .status = 200,
          .strategy = "fixed-pool"};
}

Hold held(const std::string& id, std::chrono::nanoseconds arrival, std::chrono::nanoseconds held) {
  return {.request_id = id, .arrival = began + arrival, .queued = 0ns, .held = held};
}

CheckSubject subject(std::vector<LoggedRequest> server, std::uint64_t sent) {
  CheckSubject subject;
  subject.load.started_at = "2023-11-14T22:13:20.000Z";
  subject.load.record.requests.sent = sent;
  subject.server_log = std::make_shared<const std::vector<LoggedRequest>>(std::move(server));
  return subject;
}

std::vector<std::uint64_t> numbers(const RunLogs& logs) {
  std::vector<std::uint64_t> numbers;
  for (const CheckedRequest& request : logs.requests)
    numbers.push_back(request.number);
  return numbers;
}

TEST(RunLogs, PutsRequestsInTheOrderOfTheirComing) {
  const RunLogs logs = read_run_logs(subject({logged("1-000000000001", 7ms), logged("1-000000000000", 2ms)}, 2));
  EXPECT_THAT(numbers(logs), ElementsAre(0, 1));
  EXPECT_EQ(logs.requests[1].stay.enqueued, 5ms);
  EXPECT_THAT(logs.gaps(), ElementsAre(testing::DoubleEq(0.005)));
  EXPECT_DOUBLE_EQ(logs.rate(), 200);
}

TEST(RunLogs, PutsRequestsThatCameAtOnceInTheOrderOfTheirStarts) {
  LoggedRequest quick = logged("1-000000000001", 2ms, 30ms);
  LoggedRequest slow = logged("1-000000000000", 2ms, 20ms);
  slow.ended += 100ms;
  EXPECT_THAT(numbers(read_run_logs(subject({quick, slow}, 2))), ElementsAre(0, 1));
}

TEST(RunLogs, TellsTheFactsOfTheStrategyAndWhetherItWasSwitched) {
  std::vector<LoggedRequest> rows{logged("1-000000000000", 1ms), logged("1-000000000001", 2ms)};
  for (LoggedRequest& row : rows)
    row.facts = std::make_shared<const StrategyFacts>(StrategyFacts{.workers = 16});
  const RunLogs same = read_run_logs(subject(rows, 2));
  EXPECT_EQ(same.facts->workers, 16U);
  EXPECT_FALSE(same.switched);
  rows[1].facts = std::make_shared<const StrategyFacts>(StrategyFacts{.workers = 32});
  EXPECT_TRUE(read_run_logs(subject(rows, 2)).switched) << "to another size";
  rows[1].facts = rows[0].facts;
  rows[1].strategy = "another";
  EXPECT_TRUE(read_run_logs(subject(rows, 2)).switched);
}

TEST(RunLogs, LeavesOutWhatCameBeforeTheRunAndAfterIt) {
  const RunLogs logs = read_run_logs(subject({logged("9-000000000000", -5ms), logged("1-000000000000", 1ms),
                                              logged("1-000000000001", 2ms), logged("1-000000000000", 3ms)},
                                             2));
  EXPECT_THAT(numbers(logs), ElementsAre(0, 1));
  EXPECT_EQ(logs.requests[0].stay.enqueued, 0ns);
  EXPECT_EQ(logs.strangers, 0U);
}

TEST(RunLogs, KnowsTheRunByItsSeedAndCountsStrangers) {
  CheckSubject one = subject({logged("probe", 1ms), logged("1-000000000000", 2ms), logged("2a-000000000000", 3ms),
                              logged("probe", 4ms), logged("2a-000000000001", 5ms), logged("probe", 6ms)},
                             2);
  one.seed = "2a";
  const RunLogs logs = read_run_logs(one);
  EXPECT_THAT(numbers(logs), ElementsAre(0, 1));
  EXPECT_EQ(logs.strangers, 3U);
}

TEST(RunLogs, TakesTheLastRequestsForTheMeasuredOnes) {
  const RunLogs logs = read_run_logs(
      subject({logged("1-000000000000", 1ms), logged("1-000000000001", 2ms), logged("1-000000000002", 3ms)}, 2));
  EXPECT_FALSE(logs.requests[0].measured);
  EXPECT_TRUE(logs.requests[1].measured);
  EXPECT_EQ(logs.stays().size(), 3U);
  EXPECT_EQ(logs.measured_stays().size(), 2U);
}

// Of two threads the second, of the odd numbers, is three times as fast. One request of each is of the warm-up.
const std::vector<LoggedRequest> uneven{logged("1-000000000000", 1ms), logged("1-000000000001", 2ms),
                                        logged("1-000000000003", 3ms), logged("1-000000000005", 4ms),
                                        logged("1-000000000002", 5ms), logged("1-000000000007", 6ms)};

std::vector<bool> measured(const RunLogs& logs) {
  std::vector<bool> measured;
  for (const CheckedRequest& request : logs.requests)
    measured.push_back(request.measured);
  return measured;
}

TEST(RunLogs, TellsTheWarmUpWhereThreadsNumberUnevenly) {
  CheckSubject one = subject(uneven, 4);
  one.load.threads = 2;
  EXPECT_THAT(measured(read_run_logs(one)), ElementsAre(false, false, true, true, true, true));
}

TEST(RunLogs, TakesNoWarmUpInPlaceOfAMeasuredRequestThatTheLogLost) {
  std::vector<LoggedRequest> lossy = uneven;
  lossy.erase(lossy.begin() + 3);
  CheckSubject one = subject(lossy, 4);
  one.load.threads = 2;
  EXPECT_THAT(measured(read_run_logs(one)), ElementsAre(false, false, true, true, true));
}

TEST(RunLogs, GoesByTheLogRatherThanByWhatIsSaidOfTheStrategy) {
  CheckSubject one = subject({logged("1-000000000000", 1ms)}, 1);
  one.strategy = "event-loop";
  EXPECT_EQ(read_run_logs(one).strategy, "fixed-pool");
  one.server_log = std::make_shared<const std::vector<LoggedRequest>>();
  EXPECT_EQ(read_run_logs(one).strategy, "event-loop");
}

TEST(RunLogs, JoinsTheHoldOfTheSameIdThatCameWhileTheServerHadIt) {
  CheckSubject one = subject({logged("1-000000000000", 100ms, 20ms), logged("1-000000000001", 105ms, 20ms)}, 2);
  one.hold_log = std::make_shared<const std::vector<Hold>>(std::vector<Hold>{
      held("1-000000000000", 10ms, 3ms), held("1-000000000000", 121ms, 8ms), held("1-000000000000", 900ms, 5ms)});
  const RunLogs logs = read_run_logs(one);
  EXPECT_EQ(logs.requests[0].hold, 8ms);
  EXPECT_EQ(logs.requests[1].hold, std::nullopt);
  EXPECT_EQ(logs.unmatched, 1U);
  EXPECT_THAT(logs.holds(), ElementsAre(8ms));
}

TEST(RunLogs, TellsRequestsTurnedAwayFromThoseServed) {
  LoggedRequest away = logged("1-000000000001", 2ms);
  away.started.reset();
  const RunLogs logs = read_run_logs(subject({logged("1-000000000000", 1ms), away}, 2));
  EXPECT_FALSE(logs.requests[1].served);
  EXPECT_EQ(logs.stays().size(), 1U);
  EXPECT_EQ(logs.unmatched, 0U);
}

TEST(RunLogs, GoByTheHoldsAloneWithoutTheServersLog) {
  CheckSubject one = subject({}, 1);
  one.server_log = nullptr;
  one.hold_log = std::make_shared<const std::vector<Hold>>(
      std::vector<Hold>{held("1-000000000000", 1ms, 3ms), held("1-000000000001", 3ms, 8ms)});
  const RunLogs logs = read_run_logs(one);
  EXPECT_THAT(logs.holds(), ElementsAre(3ms, 8ms));
  EXPECT_THAT(logs.measured_holds(), ElementsAre(8ms));
  EXPECT_TRUE(logs.stays().empty());
  EXPECT_DOUBLE_EQ(logs.rate(), 500);
}

}  // namespace
}  // namespace waitlab::client
