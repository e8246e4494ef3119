#include "client/format/request_csv.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

constexpr auto header =
    "request_id,target,step,intended_ns,sent_ns,ended_ns,response_time_ns,service_time_ns,connect_ns,outcome,status,"
    "error,body_bytes,server_queue_ns,server_backend_ns,server_handler_ns\n";

std::string csv_of(const std::vector<RequestRow>& rows, std::vector<TargetName> targets = {{"GET", "/wait"}}) {
  std::ostringstream stream;
  RequestCsv csv(stream, 0x2a, std::move(targets));
  csv.add(rows);
  return stream.str();
}

TEST(RequestCsv, WritesAllThatIsKnownOfARequest) {
  RequestRow row;
  row.n = 7;
  row.step = 2;
  row.status = 503;
  row.error = ErrorKind::status_5xx;
  row.intended = 1000ns;
  row.sent = 1200ns;
  row.ended = 5000ns;
  row.connect = 300ns;
  row.body_bytes = 12;
  row.timing = ServerTiming{.queue = 1us, .backend = 2us, .handler = 30ns};
  EXPECT_EQ(csv_of({row}), std::string(header) +
                               "2a-000000000007,GET /wait,2,1000,1200,5000,4000,3800,300,completed,503,"
                               "status_5xx,12,1000,2000,30\n");
}

TEST(RequestCsv, LeavesEmptyWhatIsNotKnown) {
  RequestRow never_sent;
  never_sent.outcome = RequestRow::Outcome::timed_out;
  never_sent.error = ErrorKind::timeout;
  never_sent.intended = 10ns;
  never_sent.ended = 30ns;
  RequestRow cut;
  cut.n = 1;
  cut.outcome = RequestRow::Outcome::unfinished;
  cut.sent = 5ns;
  EXPECT_EQ(csv_of({never_sent, cut}), std::string(header) +
                                           "2a-000000000000,GET /wait,0,10,,30,20,,0,timed_out,,timeout,0,,,\n"
                                           "2a-000000000001,GET /wait,0,0,5,,,,0,unfinished,,,0,,,\n");
}

TEST(RequestCsv, QuotesTargetsThatHoldCommasAndQuotes) {
  RequestRow second;
  second.target = 1;
  EXPECT_NE(csv_of({second}, {{"GET", "/"}, {"GET", "/a,b?c=\"d\""}}).find(",\"GET /a,b?c=\"\"d\"\"\",0,"),
            std::string::npos);
}

TEST(RequestCsv, WritesRowsAsTheyCome) {
  std::ostringstream stream;
  RequestCsv csv(stream, 1, {});
  EXPECT_EQ(stream.str(), header);
  const RequestRow row;
  csv.add({&row, 1});
  csv.add({&row, 1});
  const std::string line = "1-000000000000,,0,0,,,,,0,completed,,,0,,,\n";
  EXPECT_EQ(stream.str(), header + line + line);
}

}  // namespace
}  // namespace waitlab::client
