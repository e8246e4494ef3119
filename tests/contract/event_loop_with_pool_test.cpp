#include "tests/contract/strategy_fixture.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

/// One thread for CPU work, and room for one piece more.
class EventLoopWithPoolTest : public testing::Test {
 protected:
  EventLoopWithPoolTest() { under_test.config.strategies.event_loop_with_pool = {.threads = 1, .queue_capacity = 1}; }

  HttpConnection sent(const std::string& target) {
    HttpConnection connection = under_test.connect();
    connection.send(get_request(target));
    return connection;
  }

  ServerUnderTest under_test{"event-loop-with-pool"};
};

TEST_F(EventLoopWithPoolTest, ServesOthersWhileItsThreadComputes) {
  under_test.start();
  HttpConnection busy = sent("/cpu?work=500ms");
  under_test.await_status("\"running\": 1");
  EXPECT_EQ(under_test.connect().get("/plain").status, 200U);
  EXPECT_THAT(under_test.status(), HasSubstr("\"running\": 1"));
  EXPECT_EQ(busy.receive().status, 200U);
}

TEST_F(EventLoopWithPoolTest, QueuesWorkForAThreadAndRejectsWhatFindsNoRoom) {
  under_test.start();
  HttpConnection running = sent("/cpu?work=500ms");
  under_test.await_status("\"running\": 1");
  HttpConnection queued = sent("/mix?work=1ms");
  under_test.await_status("\"queued\": 1");
  HttpConnection rejected = under_test.connect();
  const HttpAnswer answer = rejected.get("/cpu");
  EXPECT_EQ(answer.status, 503U);
  EXPECT_THAT(answer.text, HasSubstr("\r\nRetry-After: "));
  EXPECT_THAT(under_test.status(), HasSubstr("\"queue_full\": 1"));
  under_test.backend.open();
  EXPECT_EQ(running.receive().status, 200U);
  const HttpAnswer waited = queued.receive();
  EXPECT_EQ(waited.status, 200U);
  EXPECT_THAT(waited.text, Not(HasSubstr("queue;dur=0,")));
  EXPECT_EQ(rejected.get("/cpu?work=1ms").status, 200U);
}

TEST_F(EventLoopWithPoolTest, AnswersWorkThatQueuesForTooLong) {
  under_test.config.timeouts.request = 100ms;
  under_test.start();
  HttpConnection running = sent("/cpu?work=500ms");
  under_test.await_status("\"running\": 1");
  HttpConnection queued = sent("/cpu?work=1ms");
  EXPECT_EQ(queued.receive().status, 503U);
  EXPECT_THAT(under_test.status(), HasSubstr("\"queue_timeout\": 1"));
  EXPECT_EQ(running.receive().status, 200U);
}

TEST_F(EventLoopWithPoolTest, WaitsForTheBackendWithoutAThreadOfThePool) {
  under_test.start();
  std::vector<HttpConnection> waiting;
  for (int request = 0; request < 5; ++request)
    waiting.push_back(under_test.connect_and_wait());
  EXPECT_EQ(under_test.connect().get("/cpu?work=1ms").status, 200U);
  under_test.backend.open();
  for (HttpConnection& connection : waiting)
    EXPECT_EQ(connection.receive().status, 200U);
}

TEST_F(EventLoopWithPoolTest, DrainsWorkThatIsUnderWay) {
  under_test.start();
  HttpConnection running = sent("/cpu?work=300ms");
  under_test.await_status("\"running\": 1");
  HttpConnection queued = sent("/cpu?work=1ms");
  under_test.await_status("\"queued\": 1");
  under_test.stop();
  EXPECT_EQ(running.receive().status, 200U);
  EXPECT_EQ(queued.receive().status, 200U);
}

}  // namespace
}  // namespace waitlab::server
