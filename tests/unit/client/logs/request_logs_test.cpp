#include "client/logs/request_logs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* holds_header = "request_id,route,arrival_ns,drawn_ns,queued_ns,held_ns,outcome\n";

std::vector<Hold> holds_in(const std::string& text) {
  std::istringstream log(text);
  return read_holds(log);
}

UnixTime at(std::chrono::nanoseconds time) {
  return UnixTime(time);
}

TEST(HoldLog, AveragesWhatWasServedInATime) {
  const auto holds = holds_in(std::string(holds_header) +
                              "2a-0,/wait,100,1,0,1000000,served\n"
                              "2a-1,/wait,200,1,0,3000000,served\n"
                              "2a-2,/wait,200,1,0,9000000,aborted\n"
                              "ff-0,/wait,300,1,0,5000000,served\n");
  EXPECT_EQ(mean_hold(holds, at(100ns), at(200ns)), 2ms);
  EXPECT_EQ(mean_hold(holds, at(100ns), at(300ns)), 3ms);
  EXPECT_EQ(mean_hold(holds, at(301ns), at(400ns)), std::nullopt);
}

TEST(HoldLog, PassesOverWhatItCannotRead) {
  EXPECT_THAT(holds_in(""), IsEmpty());
  EXPECT_THAT(holds_in("some,other,file\n1,2,3\n"), IsEmpty());
  EXPECT_THAT(holds_in(std::string(holds_header) + "2a-1,/wait,x,1,0,5,served\n2a-1,/wait,1,1,0,,served\n2a-1,/wa"),
              IsEmpty());
}

constexpr const char* requests_header =
    "request_id,route,enqueued_ns,started_ns,ended_ns,queued_ns,backend_ns,status,strategy\n";

Result<std::vector<LoggedRequest>> read(const std::string& text) {
  std::istringstream log(text);
  return read_server_log(log, "requests.csv");
}

TEST(ServerLog, IsReadByTheNamesOfItsColumns) {
  const auto requests =
      read("status,request_id,strategy,ended_ns,enqueued_ns,started_ns\n200,a,event-loop,9,5,7\n").value();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].request_id, "a");
  EXPECT_EQ(requests[0].enqueued, UnixTime(5ns));
  EXPECT_EQ(requests[0].started, UnixTime(7ns));
  EXPECT_EQ(requests[0].ended, UnixTime(9ns));
  EXPECT_EQ(requests[0].status, 200U);
  EXPECT_EQ(requests[0].strategy, "event-loop");
}

TEST(ServerLog, TellsTheFactsOfTheStrategyWhereItHasThem) {
  const std::string header =
      "request_id,enqueued_ns,started_ns,ended_ns,status,strategy,worker,workers,holds_worker,at_once,queue\n";
  const auto requests = read(header +
                             "a,5,7,9,200,fixed-pool,thread,16,true,16,1024\n"
                             "b,5,7,9,200,fixed-pool,thread,16,true,16,1024\n"
                             "c,5,7,9,200,event-loop,loop,1,false,,\n"
                             "d,5,7,9,200,event-loop,loop,many,false,,\n")
                            .value();
  ASSERT_EQ(requests.size(), 4U);
  EXPECT_EQ(*requests[0].facts, (StrategyFacts{.workers = 16, .holds_worker = true, .at_once = 16, .queue = 1024}));
  EXPECT_EQ(requests[1].facts, requests[0].facts) << "shared";
  EXPECT_EQ(*requests[2].facts, (StrategyFacts{.worker = Worker::loop, .workers = 1}));
  EXPECT_EQ(requests[3].facts, nullptr);
  EXPECT_EQ(read(std::string(requests_header) + "a,/wait,5,7,9,2,1,200,event-loop\n").value()[0].facts, nullptr);
}

TEST(ServerLog, KnowsARequestTurnedAway) {
  const auto requests = read(std::string(requests_header) + "a,\"/wait,x\",5,,9,4,0,503,fixed-pool\n").value();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].started, std::nullopt);
  EXPECT_EQ(requests[0].status, 503U);
}

TEST(ServerLog, PassesOverALineThatIsStillBeingWritten) {
  EXPECT_EQ(read(std::string(requests_header) + "a,/wait,5,7,9,2,1,200,event-loop\nb,/wait,5,7,9,2,1,200,event")
                .value()
                .size(),
            1U);
  EXPECT_EQ(read(std::string(requests_header) + "b,/wait,5,7\n").value().size(), 0U);
}

TEST(ServerLog, IsNoOtherFile) {
  const auto requests = read("request_id,route,arrival_ns,drawn_ns,queued_ns,held_ns,outcome\n");
  ASSERT_FALSE(requests);
  EXPECT_THAT(requests.error().message, HasSubstr("requests.csv is no request log"));
}

TEST(ClientRequestId, HoldsTheSeedAndTheNumber) {
  const auto id = parse_client_request_id("2a-000000000123");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->seed, "2a");
  EXPECT_EQ(id->number, 123U);
  for (const char* other : {"", "2a", "2a-", "-000000000123", "2a-12", "2a-00000000012x", "2a-0000000001234"})
    EXPECT_FALSE(parse_client_request_id(other)) << other;
}

}  // namespace
}  // namespace waitlab::client
